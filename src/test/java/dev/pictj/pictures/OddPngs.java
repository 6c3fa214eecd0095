package dev.pictj.pictures;

import static dev.pictj.pictures.PngChunks.chunk;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** PNGs that somebody's program has written wrongly, or that were damaged on their way. */
public final class OddPngs {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final byte[] END = chunk("IEND", new byte[0]);
  private static final byte[] GAMMA = Bytes.big32(45_455);

  private OddPngs() {}

  /** What {@link #shown} shows. */
  public static RawPng colours() {
    return RawPng.noise(WIDTH, HEIGHT, 8, RawPng.RGB, 3);
  }

  /** A palette of ten colours, and pixels of the first {@code used}. */
  public static RawPng palette(int depth, int used) {
    int bytes = (WIDTH * depth + 7) / 8;
    byte[] scanlines = new byte[HEIGHT * (1 + bytes)];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int bit = i % WIDTH * depth;
      scanlines[i / WIDTH * (1 + bytes) + 1 + bit / 8] |=
          (byte) (i % used << (8 - depth - bit % 8));
    }
    byte[] palette = new byte[30];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (byte) (i * 8);
    }
    RawPng bare = new RawPng(WIDTH, HEIGHT, depth, RawPng.PALETTE, scanlines, List.of(), List.of());
    return bare.withBefore("PLTE", palette);
  }

  /** Those that browsers show as if nothing was odd, by what is odd about them. */
  public static Map<String, byte[]> shown() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    RawPng plain = colours();
    byte[] stream = plain.deflated();
    byte[] file = plain.file();
    byte[] wrongSum = stream.clone();
    wrongSum[stream.length - 1] ^= 1;
    int end = file.length - END.length;
    all.put("wrong Adler-32", plain.file(wrongSum));
    all.put("no Adler-32", plain.file(Bytes.part(stream, 0, stream.length - 4)));
    all.put("no IEND", Bytes.part(file, 0, end));
    all.put("no IEND, half of the last sum", Bytes.part(file, 0, end - 2));
    all.put("no IEND, no sums at all", Bytes.part(file, 0, end - 8));
    all.put("half of IEND", Bytes.part(file, 0, end + 6));
    all.put("IEND with a wrong sum", PngChunks.withWrongCrc(file, "IEND"));
    all.put("bytes behind the stream", plain.file(Bytes.join(stream, Bytes.ascii("PK hidden"))));
    all.put("a chunk behind the stream", plain.file(stream, Bytes.ascii("PK hidden")));
    all.put("bytes behind the end", Bytes.join(file, Bytes.ascii("PK hidden")));
    all.put("empty chunks", plain.file(new byte[0], stream, new byte[0]));
    all.put("a window smaller than what is reached back", plain.file(smallWindow(stream)));
    all.put("wrong sum of all pixels", PngChunks.withWrongCrc(file, "IDAT"));
    for (String code : new String[] {"gAMA", "tEXt", "pHYs", "tRNS"}) {
      byte[] payload = new byte[code.equals("tRNS") ? 6 : code.equals("gAMA") ? 4 : 9];
      all.put(
          code + " with a wrong sum",
          PngChunks.withWrongCrc(PngChunks.withChunk(file, code, payload), code));
    }
    all.put("gAMA of nothing", plain.withBefore("gAMA", new byte[4]).file());
    all.put("gAMA too short", plain.withBefore("gAMA", new byte[1]).file());
    all.put("gAMA behind the pixels", plain.withAfter("gAMA", GAMMA).file());
    all.put("sRGB of no known kind", plain.withBefore("sRGB", new byte[] {9}).file());
    all.put("pHYs too short", plain.withBefore("pHYs", new byte[3]).file());
    all.put("bKGD too short", plain.withBefore("bKGD", new byte[1]).file());
    all.put("tRNS too short", plain.withBefore("tRNS", new byte[4]).file());
    all.put("an advice of a palette of 31 bytes", plain.withBefore("PLTE", new byte[31]).file());
    all.put(
        "an advice of a palette behind the pixels", plain.withAfter("PLTE", new byte[3]).file());
    all.put("a code that is none", plain.withBefore("1bcd", new byte[3]).file());
    all.put(
        "a chunk that nobody knows behind the pixels", plain.withAfter("ABCD", new byte[3]).file());
    all.put(
        "a chunk longer than any behind the pixels",
        Bytes.join(Bytes.part(file, 0, end), Bytes.big32(-5), Bytes.ascii("tEXt")));
    return all;
  }

  /** Those that no browser shows, or only in part, or each in another way. */
  public static Map<String, byte[]> refused() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    RawPng plain = colours();
    byte[] stream = plain.deflated();
    byte[] file = plain.file();
    byte[] palette = Bytes.ascii("rgbrgbrgbrgb");
    byte[] named = palette(8, 10).file();
    for (int depth : new int[] {4, 8}) {
      all.put(depth + " bits of colours beyond the palette", palette(depth, 11).file());
    }
    all.put("no palette", without(named, "PLTE"));
    all.put("an empty palette", withPalette(named, new byte[0]));
    all.put("two palettes", PngChunks.withChunk(named, "PLTE", palette));
    all.put("a palette of 31 bytes", withPalette(named, new byte[31]));
    all.put("a palette of 257 colours", withPalette(named, new byte[771]));
    all.put("a palette with a wrong sum", PngChunks.withWrongCrc(named, "PLTE"));
    all.put(
        "a palette behind the pixels",
        Bytes.join(
            without(Bytes.part(named, 0, named.length - END.length), "PLTE"),
            chunk("PLTE", palette),
            END));
    all.put("two headers", PngChunks.withChunk(file, "IHDR", Bytes.part(file, 16, 29)));
    all.put("a header with a wrong sum", PngChunks.withWrongCrc(file, "IHDR"));
    all.put("half of its pixels", plain.file(Bytes.part(stream, 0, stream.length / 2)));
    all.put("cut short", Bytes.part(file, 0, file.length / 2));
    byte[] torn = plain.file(Bytes.part(stream, 0, 100), Bytes.from(stream, 100));
    int second = 33 + 112;
    all.put(
        "pixels in two places",
        Bytes.join(
            Bytes.part(torn, 0, second), chunk("tEXt", new byte[3]), Bytes.from(torn, second)));
    byte[] wrong = stream.clone();
    wrong[stream.length / 2] ^= 4;
    all.put(
        "pixels that two sums say are wrong", PngChunks.withWrongCrc(plain.file(wrong), "IDAT"));
    for (int filter : new int[] {5, 255}) {
      byte[] lines = plain.scanlines().clone();
      lines[20 * (1 + 3 * WIDTH)] = (byte) filter;
      all.put("filter " + filter, plain.file(PngChunks.deflated(lines)));
    }
    for (int first : new int[] {0x88, 0x77, 0x79}) {
      byte[] odd = stream.clone();
      odd[0] = (byte) first;
      all.put("stream of kind " + Integer.toHexString(first), plain.file(odd));
    }
    all.put("a chunk that nobody may pass over", PngChunks.withChunk(file, "ABCD", new byte[4]));
    return all;
  }

  /** RFC 1950, 2.2: a stream that says it needs 256 bytes. */
  private static byte[] smallWindow(byte[] stream) {
    byte[] small = stream.clone();
    small[0] = 0x08;
    small[1] = (byte) (stream[1] & 0xC0);
    small[1] += (byte) (31 - (0x0800 + (small[1] & 0xFF)) % 31);
    return small;
  }

  private static byte[] withPalette(byte[] png, byte[] palette) {
    return PngChunks.withChunk(without(png, "PLTE"), "PLTE", palette);
  }

  private static byte[] without(byte[] png, String code) {
    int at = Bytes.find(png, code) - 4;
    return Bytes.join(
        Bytes.part(png, 0, at), Bytes.from(png, at + 12 + ByteBuffer.wrap(png).getInt(at)));
  }
}
