package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.codec.png.StoredPng;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.RawPng;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With and without it the same comes out, of sound files and of others. */
class StoredPngTest {
  private static final byte[] NOTHING = {};
  private static final int PIXELS = 0x49444154;
  private static final byte[] TEXT = Bytes.ascii("Comment\0more than nothing");

  /** What libpng is given for this file; nothing when that is the file itself. */
  private static Optional<byte[]> stored(byte[] png) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_BYTE, png);
      MemorySegment found = StoredPng.of(source, arena);
      assertThat(source.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(png);
      return found == source ? Optional.empty() : Optional.of(found.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Every chunk but those of the pixels, which stand together in one entry of their data. */
  private static List<String> chunks(byte[] png) throws DataFormatException {
    List<String> chunks = new ArrayList<>();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(png);
    for (int at = 8; at < png.length; ) {
      int next = at + 12 + in.getInt(at);
      boolean pixels = in.getInt(at + 4) == PIXELS;
      if (pixels) {
        CRC32 sum = new CRC32();
        sum.update(png, at + 4, next - at - 8);
        assertThat(in.getInt(next - 4)).isEqualTo((int) sum.getValue());
        data.write(png, at + 8, next - at - 12);
      } else if (data.size() > 0) {
        chunks.add("pixels " + HexFormat.of().formatHex(inflated(data.toByteArray())));
        data.reset();
      }
      if (!pixels) {
        chunks.add(HexFormat.of().formatHex(png, at, next));
      }
      at = next;
    }
    return chunks;
  }

  private static byte[] inflated(byte[] stream) throws DataFormatException {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stream);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[65_536];
      while (!inflater.finished()) {
        int some = inflater.inflate(buffer);
        assertThat(some > 0 || inflater.finished()).isTrue();
        out.write(buffer, 0, some);
      }
      assertThat(inflater.getRemaining()).isZero();
      return out.toByteArray();
    }
  }

  static Stream<RawPng> kinds() {
    Map<Integer, List<Integer>> depths = new LinkedHashMap<>();
    depths.put(RawPng.GREY, List.of(1, 2, 4, 8, 16));
    depths.put(RawPng.RGB, List.of(8, 16));
    depths.put(RawPng.PALETTE, List.of(1, 2, 4, 8));
    depths.put(RawPng.GREY_ALPHA, List.of(8, 16));
    depths.put(RawPng.RGBA, List.of(8, 16));
    return depths.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .flatMap(
                        depth ->
                            Stream.of(
                                RawPng.noise(1, 1, depth, entry.getKey(), 3),
                                RawPng.noise(83, 41, depth, entry.getKey(), depth),
                                withTransparency(
                                    RawPng.noise(300, 150, depth, entry.getKey(), depth)))));
  }

  /** tRNS: a colour of those that have no alpha, the alpha of a palette's first colours. */
  private static RawPng withTransparency(RawPng png) {
    return switch (png.colour()) {
      case RawPng.GREY -> png.withBefore("tRNS", new byte[] {0, 1});
      case RawPng.RGB -> png.withBefore("tRNS", new byte[] {0, 1, 0, 2, 0, 3});
      case RawPng.PALETTE -> png.withBefore("tRNS", new byte[] {0, (byte) 128});
      default -> png;
    };
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyTypeOfColourKeepsItsPixels(RawPng png) throws Exception {
    byte[] file = png.file();

    byte[] found = stored(file).orElseThrow();
    assertThat(chunks(found)).isEqualTo(chunks(file));
    assertThat(chunks(found)).contains("pixels " + HexFormat.of().formatHex(png.scanlines()));
    assertThat(WithAndWithout.png(file, false)).as("a PNG").startsWith("89504e47");
    WithAndWithout.assertThatTheSameIsRendered(file);
  }

  @Test
  void otherChunksStayAsTheyAre() throws Exception {
    byte[] profile = JpegSegments.srgb();
    RawPng png =
        RawPng.noise(70, 50, 8, RawPng.RGBA, 9)
            .withBefore("gAMA", Bytes.big32(45_455))
            .withBefore("iCCP", Bytes.join(Bytes.ascii("sRGB\0\0"), PngChunks.deflated(profile)))
            .withBefore("tEXt", TEXT)
            .withAfter("tEXt", TEXT)
            .withAfter("tIME", new byte[] {7, (byte) 0xE0, 1, 2, 3, 4, 5});
    byte[] file = png.file();

    assertThat(chunks(stored(file).orElseThrow())).hasSize(8).isEqualTo(chunks(file));
    WithAndWithout.assertThatTheSameIsRendered(file);
    assertThat(WithAndWithout.png(file, true))
        .contains(HexFormat.of().formatHex(Bytes.ascii("iCCP")));
  }

  @Test
  void bytesBehindTheEndStayToo() throws Exception {
    byte[] file = RawPng.noise(70, 50, 8, RawPng.RGB, 9).file();

    byte[] found = stored(PngChunks.withTrailing(file, TEXT)).orElseThrow();
    assertThat(found).isEqualTo(Bytes.join(stored(file).orElseThrow(), TEXT));
    WithAndWithout.assertThatTheSameIsRendered(PngChunks.withTrailing(file, TEXT));
  }

  @Test
  void pixelsMayBeInAnyNumberOfChunksAndSomeOfThemEmpty() throws Exception {
    RawPng png = RawPng.noise(90, 60, 8, RawPng.RGB, 10);
    byte[] data = png.deflated();
    byte[] first = Bytes.part(data, 0, 1);
    byte[] second = Bytes.part(data, 1, 5000);
    byte[] third = Bytes.part(data, 5000, data.length - 2);
    byte[] last = Bytes.from(data, data.length - 2);
    byte[] once = stored(png.file()).orElseThrow();
    List<byte[]> singles = new ArrayList<>();
    for (int i = 0; i < data.length; i++) {
      singles.add(Bytes.part(data, i, i + 1));
    }

    for (byte[] file :
        List.of(
            png.file(first, second, third, last),
            png.file(NOTHING, data),
            png.file(data, NOTHING),
            png.file(NOTHING, first, NOTHING, NOTHING, second, third, NOTHING, last, NOTHING),
            png.file(singles.toArray(byte[][]::new)))) {
      assertThat(stored(file)).hasValueSatisfying(found -> assertThat(found).isEqualTo(once));
      WithAndWithout.assertThatTheSameIsRendered(file);
    }
  }

  @Test
  void manyThreadsMayUseItAtATime() {
    List<byte[]> files =
        IntStream.range(0, 8)
            .mapToObj(i -> RawPng.noise(200 + i, 100, 8, RawPng.RGB, i).file())
            .toList();
    List<byte[]> expected = files.stream().map(file -> stored(file).orElseThrow()).toList();

    IntStream.range(0, 400)
        .parallel()
        .forEach(
            i -> assertThat(stored(files.get(i % 8)).orElseThrow()).isEqualTo(expected.get(i % 8)));
  }

  /** Rows as long as a block of them can be, and a little less and more; and any other. */
  @Test
  void anySizeKeepsItsPixels() throws Exception {
    Random random = new Random(8);
    List<RawPng> some = new ArrayList<>();
    for (int bytes : new int[] {65_534, 65_535, 65_536, 131_070, 131_071}) {
      some.add(RawPng.noise(bytes - 1, 1, 8, RawPng.GREY, bytes));
      some.add(RawPng.noise(bytes - 1, 2, 8, RawPng.GREY, bytes));
      some.add(RawPng.noise(4 * bytes, 2, 2, RawPng.PALETTE, bytes));
    }
    List<RawPng> kinds = kinds().toList();
    for (int i = 0; i < 150; i++) {
      RawPng kind = kinds.get(random.nextInt(kinds.size()));
      some.add(
          RawPng.noise(
              1 + random.nextInt(400), 1 + random.nextInt(400), kind.depth(), kind.colour(), i));
    }
    for (RawPng png : some) {
      byte[] data = png.deflated();
      int cut = random.nextInt(data.length);
      byte[] file = png.file(Bytes.part(data, 0, cut), Bytes.from(data, cut));

      assertThat(chunks(stored(file).orElseThrow())).as(png.toString()).isEqualTo(chunks(file));
      assertThat(WithAndWithout.png(file, true))
          .as(png.toString())
          .isEqualTo(WithAndWithout.png(file, false));
    }
  }

  static Map<String, byte[]> others() {
    RawPng png = RawPng.noise(70, 50, 8, RawPng.RGB, 12);
    byte[] sound = png.file();
    byte[] data = png.deflated();
    byte[] wrongSum = data.clone();
    wrongSum[data.length - 1] ^= 1;
    byte[] damaged = data.clone();
    damaged[data.length / 2] ^= 0x10;
    byte[] smallWindow = data.clone();
    smallWindow[0] = 0x68;
    smallWindow[1] = (byte) (31 - 0x6800 % 31);
    byte[] dictionary = data.clone();
    dictionary[1] |= 0x20;
    byte[] lessOfIt = PngChunks.deflated(Arrays.copyOf(png.scanlines(), 50 * 211 - 1));
    byte[] moreOfIt = PngChunks.deflated(Bytes.join(png.scanlines(), new byte[1]));
    Map<String, byte[]> others = new LinkedHashMap<>();
    others.put("interlaced", Pictures.pngInterlaced(70, 50));
    others.put("wrong CRC", PngChunks.withWrongCrc(sound, "IDAT"));
    others.put(
        "wrong CRC of a later chunk",
        withWrongLastCrc(png.file(Bytes.part(data, 0, 99), Bytes.from(data, 99))));
    others.put("wrong Adler-32", png.file(wrongSum));
    others.put("wrong bit", png.file(damaged));
    others.put("small window", png.file(smallWindow));
    others.put("dictionary", png.file(dictionary));
    others.put("no data", png.file(NOTHING));
    others.put("no chunk of data", png.file(new byte[0][]));
    others.put("a byte of data", png.file(new byte[] {0x78}));
    others.put("data cut short", png.file(Bytes.part(data, 0, data.length - 5)));
    others.put("no Adler-32", png.file(Bytes.part(data, 0, data.length - 4)));
    others.put("data behind the stream", png.file(Bytes.join(data, new byte[1])));
    others.put("a chunk behind the stream", png.file(data, new byte[1]));
    others.put("too few pixels", png.file(lessOfIt));
    others.put("too many pixels", png.file(moreOfIt));
    others.put("cut short", Bytes.part(sound, 0, sound.length / 2));
    others.put("no end", Bytes.part(sound, 0, sound.length - 12));
    others.put("pixels in two places", twoPlaces(png, data));
    return others;
  }

  private static byte[] withWrongLastCrc(byte[] png) {
    byte[] out = png.clone();
    out[png.length - 13] ^= 1;
    return out;
  }

  private static byte[] twoPlaces(RawPng png, byte[] data) {
    return png.withAfter("tEXt", TEXT)
        .withAfter("IDAT", Bytes.from(data, 99))
        .file(Bytes.part(data, 0, 99));
  }

  @ParameterizedTest
  @MethodSource("othersByName")
  void whateverElseIsLeftToLibpng(String name) {
    byte[] png = others().get(name);

    assertThat(stored(png)).isEmpty();
    WithAndWithout.assertThatTheSameIsRendered(png);
  }

  static Stream<String> othersByName() {
    return others().keySet().stream();
  }

  /** Where only other chunks are wrong, the pixels are unpacked, and libpng finds the rest. */
  @Test
  void faultsOfOtherChunksAreFoundAsBefore() {
    RawPng png = RawPng.noise(70, 50, 8, RawPng.RGB, 12);
    byte[] badFilter = png.scanlines().clone();
    badFilter[211] = 5;
    byte[] palette = RawPng.noise(70, 50, 4, RawPng.PALETTE, 12).file();
    int at = Bytes.find(palette, "PLTE") - 4;
    int end = Bytes.find(palette, "IDAT") - 4;
    for (byte[] file :
        List.of(
            PngChunks.withWrongCrc(png.file(), "IHDR"),
            PngChunks.withWrongCrc(png.withBefore("tEXt", TEXT).file(), "tEXt"),
            PngChunks.withWrongCrc(png.withAfter("tEXt", TEXT).file(), "tEXt"),
            PngChunks.withWrongCrc(png.file(), "IEND"),
            png.file(PngChunks.deflated(badFilter)),
            png.withAfter("ABCD", TEXT).file(),
            Bytes.join(Bytes.part(palette, 0, at), Bytes.from(palette, end)))) {
      assertThat(stored(file)).isPresent();
      WithAndWithout.assertThatTheSameIsRendered(file);
    }
  }

  @Test
  void whatIsTooLargeIsLeftToLibpng() {
    // A row and its filter are a byte more than half of what is allowed.
    int width = (int) (StoredPng.MAX_BYTES / 2);
    byte[] header = Bytes.join(Bytes.big32(width), Bytes.big32(2), new byte[] {8, 0, 0, 0, 0});
    byte[] png =
        Bytes.join(
            PngChunks.SIGNATURE,
            PngChunks.chunk("IHDR", header),
            PngChunks.chunk("IDAT", PngChunks.deflated(new byte[2 * width + 2])),
            PngChunks.chunk("IEND", NOTHING));

    assertThat(stored(png)).isEmpty();
  }

  @Test
  void withoutTheLibraryNothingElseHappens() {
    byte[] png = RawPng.noise(70, 50, 8, RawPng.RGB, 12).file();

    assertThat(WithAndWithout.png(png, false))
        .startsWith("89504e47")
        .isEqualTo(WithAndWithout.png(png, true));
  }
}
