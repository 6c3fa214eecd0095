package dev.pictj.hostile;

import static dev.pictj.hostile.Spoiling.repeated;
import static dev.pictj.pictures.PngChunks.chunk;
import static dev.pictj.pictures.PngChunks.deflated;
import static dev.pictj.pictures.PngChunks.withChunk;

import dev.pictj.hostile.Spoiling.Part;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** PNG files (W3C PNG third edition). */
final class HostilePngs {
  private static final long[] SIDES = {
    0, 1, 23, 25, 6_325, 10_000, 10_001, 0xFFFF, 1_000_001, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL
  };

  private final Batch batch;
  private final byte[] plain = Pictures.png(32, 24);

  private HostilePngs(Batch batch) {
    this.batch = batch;
  }

  static List<HostileFile> files(long seed) {
    Batch batch = new Batch("png", seed);
    HostilePngs pngs = new HostilePngs(batch);
    pngs.addAll();
    pngs.animations();
    return batch.files();
  }

  private void addAll() {
    Spoiling.damage(batch, plain, 24);
    List<byte[]> sound =
        List.of(
            plain,
            Pictures.pngAlpha(32, 24),
            Pictures.pngInterlaced(32, 24),
            Pictures.pngPalette(32, 24),
            Pictures.pngBilevel(32, 24),
            Pictures.pngGrey16(32, 24),
            PngChunks.animated(plain, 4));
    for (byte[] png : sound) {
      // With checksums put right, for what is behind them.
      Spoiling.damage(batch, png, 18, HostilePngs::withRightSums);
    }
    byte[] rich =
        PngChunks.withTime(
            PngChunks.withIcc(PngChunks.withText(PngChunks.withExif(sound.get(3), 6))));
    Spoiling.disorder(batch, rich, chunks(rich), 4, true);
    for (Part part : chunks(rich)) {
      batch.one("wrong-checksum", () -> Spoiling.withNumber(rich, part.end() - 4, 4, true, 0));
    }
    headers();
    pixels();
    metadata();
    crowds();
  }

  static List<Part> chunks(byte[] png) {
    List<Part> parts = new ArrayList<>();
    for (int at = 8; at < png.length; ) {
      int end = at + 12 + ByteBuffer.wrap(png).getInt(at);
      parts.add(new Part(at, at, end));
      at = end;
    }
    return parts;
  }

  /** Puts the checksum of every chunk right, as far as the chunks can be followed. */
  static byte[] withRightSums(byte[] png) {
    ByteBuffer out = ByteBuffer.wrap(png.clone());
    int at = 8;
    while (at <= png.length - 12) {
      long end = at + 12L + (out.getInt(at) & 0xFFFF_FFFFL);
      if (end > png.length) {
        break;
      }
      CRC32 sum = new CRC32();
      sum.update(png, at + 4, (int) end - at - 8);
      out.putInt((int) end - 4, (int) sum.getValue());
      at = (int) end;
    }
    return out.array();
  }

  private static byte[] png(byte[] header, byte[]... chunks) {
    return Bytes.join(
        PngChunks.SIGNATURE, chunk("IHDR", header), Bytes.join(chunks), chunk("IEND", new byte[0]));
  }

  private static byte[] header(long width, long height, int... kind) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt((int) width).putInt((int) height);
    for (int i = 0; i < 5; i++) {
      header.put((byte) (i < kind.length ? kind[i] : 0));
    }
    return header.array();
  }

  private byte[] withHeader(byte[] header) {
    return Bytes.join(PngChunks.SIGNATURE, chunk("IHDR", header), Bytes.from(plain, 33));
  }

  private void headers() {
    for (long side : SIDES) {
      batch.one("lying-size", () -> withHeader(header(side, 24, 8, 2)));
      batch.one("lying-size", () -> withHeader(header(32, side, 8, 2)));
      batch.one("lying-size", () -> withHeader(header(side, side, 8, 2)));
    }
    for (int depth : new int[] {0, 1, 2, 3, 4, 8, 16, 32, 255}) {
      for (int colour : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 255}) {
        batch.one("kind-of-pixels", () -> withHeader(header(32, 24, depth, colour)));
      }
    }
    for (int field = 2; field < 5; field++) {
      int[] kind = {8, 2, 0, 0, 0};
      for (int value : new int[] {1, 2, 255}) {
        int[] odd = kind.clone();
        odd[field] = value;
        batch.one("odd-method", () -> withHeader(header(32, 24, odd)));
      }
    }
    batch.one("lying-size", Bombs::pngHugeHeader);
    batch.one("foreign-content", Bombs::pngSignatureOnHtml);
  }

  private void pixels() {
    int whole = 24 * (1 + 32 * 3);
    for (int percent : new int[] {0, 1, 10, 50, 90, 99, 101, 110, 200, 1000}) {
      byte[] data = deflated(new byte[whole * percent / 100]);
      batch.one("pixels-short-or-long", () -> png(header(32, 24, 8, 2), chunk("IDAT", data)));
    }
    for (int change : new int[] {-97, -1, 1, 97}) {
      byte[] data = deflated(new byte[whole + change]);
      batch.one("pixels-short-or-long", () -> png(header(32, 24, 8, 2), chunk("IDAT", data)));
    }
    byte[] right = deflated(new byte[whole]);
    for (int filter : new int[] {1, 2, 3, 4, 5, 255}) {
      byte[] lines = new byte[whole];
      for (int i = 0; i < 24; i++) {
        lines[i * 97] = (byte) filter;
      }
      batch.one("filter", () -> png(header(32, 24, 8, 2), chunk("IDAT", deflated(lines))));
    }
    for (int i = 0; i < right.length; i++) {
      int at = i;
      batch.one(
          "compressed-stream",
          () -> {
            byte[] data = right.clone();
            data[at] ^= 0x21;
            return png(header(32, 24, 8, 2), chunk("IDAT", data));
          });
    }
    batch.one(
        "pixels-in-crumbs",
        () ->
            png(
                header(32, 24, 8, 2),
                repeated(right.length, i -> chunk("IDAT", Bytes.part(right, i, i + 1)))));
    for (int count : new int[] {1_000, 50_000, 200_001}) {
      byte[] empty = chunk("IDAT", new byte[0]);
      batch.one(
          "pixels-in-crumbs",
          () -> png(header(32, 24, 8, 2), repeated(count, i -> empty), chunk("IDAT", right)));
    }
    batch.one("hidden-pixels", Bombs::pngHidden);
    batch.one("hidden-pixels", Bombs::pngSmallHidden);
    batch.one(
        "hidden-pixels",
        () -> png(header(32, 24, 8, 2), chunk("IDAT", right), chunk("IDAT", right)));
    batch.one(
        "hidden-pixels", () -> png(header(32, 24, 8, 2), chunk("IDAT", Bytes.join(right, right))));
    batch.one(
        "pixels-interrupted",
        () ->
            png(
                header(32, 24, 8, 2),
                chunk("IDAT", Bytes.part(right, 0, 5)),
                chunk("tEXt", Bytes.ascii("k\0v")),
                chunk("IDAT", Bytes.from(right, 5))));
  }

  private void metadata() {
    for (byte[] tiff : HostileExif.all()) {
      batch.one("exif", () -> withChunk(plain, "eXIf", tiff));
    }
    batch.one("text-bomb", Bombs::pngTextBomb);
    byte[] zeros = Zeros.packed(100_000_000);
    batch.one(
        "text-bomb",
        () ->
            withChunk(
                plain, "iTXt", Bytes.join(Bytes.ascii("XML:com.adobe.xmp\0\1\0\0\0"), zeros)));
    batch.one(
        "text-bomb",
        () ->
            withChunk(plain, "zTXt", Bytes.join(Bytes.ascii("Raw profile type exif\0\0"), zeros)));
    byte[] bomb = chunk("zTXt", Bytes.join(Bytes.ascii("k\0\0"), zeros));
    batch.one("text-bomb", () -> inserted(repeated(20, i -> bomb)));
    batch.one("text-bomb", () -> withChunk(plain, "tEXt", new byte[30_000_000]));
    for (String text : List.of("", "k", "\0", "k\0\0\0", "k\0\1x", "k\0\0x", "\0\0\0\0\0\0")) {
      for (String type : List.of("tEXt", "zTXt", "iTXt")) {
        batch.one("odd-text", () -> withChunk(plain, type, Bytes.ascii(text)));
      }
    }
    byte[] name = Bytes.ascii("icc\0\0");
    for (int size : new int[] {0, 1, 127, 1 << 20, (4 << 20) + 1, 100_000_000}) {
      batch.one("icc-bomb", () -> withChunk(plain, "iCCP", Bytes.join(name, Zeros.packed(size))));
    }
    byte[] lying = Spoiling.withNumber(JpegSegments.srgb(), 0, 4, true, -1);
    batch.one("icc-bomb", () -> PngChunks.withIcc(plain, lying));
    batch.one("icc-bomb", () -> withChunk(plain, "iCCP", name));
    batch.one("icc-bomb", () -> withChunk(plain, "iCCP", new byte[200]));
    batch.one("icc-bomb", () -> withChunk(plain, "iCCP", Bytes.join(name, new byte[] {1, 2, 3})));
    for (String type :
        List.of("gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs", "tRNS", "PLTE", "cICP", "hIST")) {
      for (int size : new int[] {0, 1, 5, 1_000}) {
        byte[] ones = new byte[size];
        Arrays.fill(ones, (byte) 0xFF);
        batch.one("odd-optional-chunk", () -> withChunk(plain, type, ones));
        batch.one("odd-optional-chunk", () -> withChunk(Pictures.pngPalette(32, 24), type, ones));
      }
    }
    batch.one("unknown-critical-chunk", () -> withChunk(plain, "ABCD", new byte[4]));
    batch.one("picture-in-picture", () -> withChunk(plain, "abCd", plain));
    batch.one("two-pictures", () -> Bytes.join(plain, plain));
    batch.one("signature-twice", () -> Bytes.join(PngChunks.SIGNATURE, plain));
  }

  private byte[] inserted(byte[] chunks) {
    return Bytes.join(Bytes.part(plain, 0, 33), chunks, Bytes.from(plain, 33));
  }

  private void crowds() {
    for (String type : List.of("tEXt", "zTXt", "iTXt", "abCd", "pHYs", "eXIf", "iCCP", "sPLT")) {
      for (int count : new int[] {3_000, 30_000, 200_001}) {
        byte[] one = chunk(type, Bytes.ascii("k\0\0"));
        batch.one("crowd-of-chunks", () -> inserted(repeated(count, i -> one)));
      }
    }
  }

  private void animations() {
    byte[] small = Pictures.png(8, 8);
    for (int frames : new int[] {1_000, 3_600, 3_601, 20_000}) {
      batch.one("thousands-of-frames", () -> PngChunks.animated(small, frames));
    }
    for (int claim : new int[] {0, 1, 2, 3_600, 3_601, 1_000_000, Integer.MAX_VALUE, -1}) {
      batch.one("lying-frame-count", () -> PngChunks.withFrameCount(small, claim));
      batch.one(
          "lying-frame-count",
          () -> {
            byte[] film = PngChunks.animated(small, 3);
            int at = new String(film, StandardCharsets.ISO_8859_1).indexOf("acTL") + 4;
            return withRightSums(Spoiling.withNumber(film, at, 4, true, claim));
          });
    }
    byte[] film = PngChunks.animated(small, 3);
    String text = new String(film, StandardCharsets.ISO_8859_1);
    int second = text.indexOf("fcTL", text.indexOf("fcTL") + 4) + 4;
    // Sequence number, sides, offsets.
    for (int field = 0; field < 5; field++) {
      int at = second + 4 * field;
      for (long value : new long[] {0, 1, 7, 9, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) {
        batch.one(
            "frames-beyond-the-canvas",
            () -> withRightSums(Spoiling.withNumber(film, at, 4, true, value)));
      }
    }
    for (int value : new int[] {3, 255}) {
      batch.one(
          "odd-disposal",
          () -> withRightSums(Spoiling.withNumber(film, second + 24, 1, true, value)));
      batch.one(
          "odd-disposal",
          () -> withRightSums(Spoiling.withNumber(film, second + 25, 1, true, value)));
    }
    Spoiling.disorder(batch, film, chunks(film), 4, true);
  }
}
