package dev.pictj.codec.png;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.RawPng;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PngLayoutTest {
  private static final long MOST = 1 << 19;
  private static final byte[] DATA = {1, 2, 3, 4, 5};
  private static final byte[] NOTHING = {};
  private static final RawPng RGB = RawPng.noise(7, 5, 8, RawPng.RGB, 1);

  private static Optional<PngLayout> layout(byte[] png) {
    return PngLayout.of(MemorySegment.ofArray(png), MOST);
  }

  private static byte[] header(int width, int height, int... rest) {
    byte[] header = Bytes.join(Bytes.big32(width), Bytes.big32(height), new byte[5]);
    for (int i = 0; i < 5; i++) {
      header[8 + i] = (byte) rest[i];
    }
    return header;
  }

  private static byte[] png(byte[] header) {
    return Bytes.join(
        PngChunks.SIGNATURE,
        PngChunks.chunk("IHDR", header),
        PngChunks.chunk("IDAT", DATA),
        PngChunks.chunk("IEND", NOTHING));
  }

  @Test
  void tellsWhereThePixelsAre() {
    byte[] png =
        RGB.withBefore("tEXt", DATA).withAfter("tIME", DATA).file(DATA, NOTHING, DATA, DATA);

    // After signature, header and one chunk; four chunks with three times as much data.
    assertThat(layout(png)).contains(new PngLayout(50, 113, 15, 5 * (1 + 7 * 3)));
  }

  @ParameterizedTest
  @CsvSource({
    "1,0,4",
    "2,0,6",
    "4,0,10",
    "8,0,18",
    "16,0,35",
    "8,2,52",
    "16,2,103",
    "1,3,4",
    "2,3,6",
    "4,3,10",
    "8,3,18",
    "8,4,35",
    "16,4,69",
    "8,6,69",
    "16,6,137"
  })
  void aRowIsAFilterAndWholeBytes(int depth, int colour, int row) {
    assertThat(layout(png(header(17, 3, depth, colour, 0, 0, 0))).orElseThrow().unpacked())
        .isEqualTo(3L * row);
  }

  static List<byte[]> strangeHeaders() {
    return List.of(
        header(0, 3, 8, 2, 0, 0, 0),
        header(3, 0, 8, 2, 0, 0, 0),
        header(-3, 3, 8, 2, 0, 0, 0),
        header(3, -3, 8, 2, 0, 0, 0),
        // Depths and types of colour that there are not, or not together.
        header(3, 3, 3, 0, 0, 0, 0),
        header(3, 3, 0, 0, 0, 0, 0),
        header(3, 3, 32, 0, 0, 0, 0),
        header(3, 3, -8, 0, 0, 0, 0),
        header(3, 3, 8, 1, 0, 0, 0),
        header(3, 3, 8, 5, 0, 0, 0),
        header(3, 3, 8, 7, 0, 0, 0),
        header(3, 3, 4, 2, 0, 0, 0),
        header(3, 3, 16, 3, 0, 0, 0),
        header(3, 3, 4, 4, 0, 0, 0),
        header(3, 3, 2, 6, 0, 0, 0),
        // Compression, filter, interlacing.
        header(3, 3, 8, 2, 1, 0, 0),
        header(3, 3, 8, 2, 0, 64, 0),
        header(3, 3, 8, 2, 0, 0, 1),
        header(3, 3, 8, 2, 0, 0, 2),
        // Too large: a little, and beyond what 32, 63 and 64 bits hold.
        header((int) MOST, 1, 8, 0, 0, 0, 0),
        header(1, (int) (MOST / 2) + 1, 8, 0, 0, 0, 0),
        header(1 << 16, 1 << 16, 8, 0, 0, 0, 0),
        header(1 << 30, 1 << 30, 16, 6, 0, 0, 0),
        header(Integer.MAX_VALUE, Integer.MAX_VALUE, 16, 6, 0, 0, 0),
        header(1 << 29, Integer.MAX_VALUE, 16, 6, 0, 0, 0),
        Bytes.join(header(3, 3, 8, 2, 0, 0, 0), new byte[1]),
        Bytes.part(header(3, 3, 8, 2, 0, 0, 0), 0, 12));
  }

  @ParameterizedTest
  @MethodSource("strangeHeaders")
  void strangeHeadersAreNotUnderstood(byte[] header) {
    assertThat(layout(png(header))).isEmpty();
  }

  @Test
  void theLargestIsAsLargeAsAllowed() {
    assertThat(layout(png(header((int) MOST - 1, 1, 8, 0, 0, 0, 0))).orElseThrow().unpacked())
        .isEqualTo(MOST);
    assertThat(layout(png(header(1, (int) MOST / 2, 8, 0, 0, 0, 0))).orElseThrow().unpacked())
        .isEqualTo(MOST);
  }

  static List<byte[]> strangeStructures() {
    byte[] sound = RGB.file();
    byte[] header = Bytes.part(sound, 0, 33);
    byte[] pixels = PngChunks.chunk("IDAT", DATA);
    byte[] text = PngChunks.chunk("tEXt", DATA);
    byte[] end = PngChunks.chunk("IEND", NOTHING);
    byte[] wrong = sound.clone();
    wrong[0] = 0;
    byte[] huge = Bytes.join(Bytes.big32(-1), Bytes.ascii("tEXt"), DATA, new byte[40]);
    byte[] longer = Bytes.join(Bytes.big32(6), Bytes.ascii("tEXt"), DATA);
    return List.of(
        NOTHING,
        wrong,
        header,
        Bytes.part(header, 0, 32),
        Bytes.join(header, end),
        Bytes.join(header, pixels),
        Bytes.join(header, pixels, text),
        Bytes.join(header, pixels, Bytes.part(end, 0, 11)),
        Bytes.join(header, pixels, PngChunks.chunk("IEND", DATA)),
        Bytes.join(header, pixels, text, pixels, end),
        Bytes.join(header, Bytes.part(header, 8, 33), pixels, end),
        Bytes.join(PngChunks.SIGNATURE, text, Bytes.part(header, 8, 33), pixels, end),
        Bytes.join(header, huge, pixels, end),
        Bytes.join(header, pixels, huge, end),
        Bytes.join(header, pixels, longer),
        Pictures.pngInterlaced(20, 20),
        Pictures.jpeg(20, 20));
  }

  @ParameterizedTest
  @MethodSource("strangeStructures")
  void strangeStructuresAreNotUnderstood(byte[] png) {
    assertThat(layout(png)).isEmpty();
  }

  @Test
  void noPrefixIsUnderstood() {
    byte[] png = RGB.withAfter("tEXt", DATA).file(DATA, DATA);
    for (int length = 0; length < png.length; length++) {
      assertThat(layout(Arrays.copyOf(png, length))).isEmpty();
    }
  }

  @Test
  void whateverItSaysLiesInTheFile() {
    byte[] png = RGB.withBefore("tEXt", DATA).withAfter("tIME", DATA).file(DATA, NOTHING, DATA);
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] spoilt = png.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(-2, 20);
      }
      layout(spoilt)
          .ifPresent(
              found -> {
                assertThat(found.first()).isBetween(33L, spoilt.length - 24L);
                assertThat(found.rest()).isBetween(found.first() + 12, spoilt.length - 12L);
                assertThat(found.packed()).isBetween(0L, found.rest() - found.first() - 12);
                assertThat(found.unpacked()).isBetween(1L, MOST);
              });
    }
  }
}
