package dev.pictj.codec.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.Dimensions;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.image.BufferedImage;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files with some bytes changed: it returns, and what it returns is a whole picture. */
class MutationTest {
  private static final int ROUNDS = 3_000;
  private static final Dimensions SIZE = new Dimensions(43, 27);

  private static List<byte[]> files() {
    BufferedImage image = Subject.DRAWING.image(43, 27);
    return List.of(
        CodedJpeg.grey(image, 6).bytes(),
        CodedJpeg.colour(image, 6, 2, 2, 1, 1, 1, 1).restarts(1).bytes(),
        CodedJpeg.colour(image, 6, 2, 1, 1, 1, 1, 1)
            .scans(new int[] {0}, new int[] {1, 2})
            .wide()
            .filled(1)
            .bytes(),
        JpegSegments.withIcc(WrittenJpeg.of(image).optimised().bytes(), new byte[40]),
        WrittenJpeg.of(image).sampling(2, 2).progressive().bytes(),
        WrittenJpeg.of(image).sampling(1, 2).progressive().restarts(2).bytes());
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void changedBytesDoNoHarm() {
    Random random = new Random(1);
    int decoded = 0;
    for (byte[] file : files()) {
      for (int round = 0; round < ROUNDS; round++) {
        byte[] changed = file.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
          int at = random.nextInt(changed.length);
          changed[at] =
              random.nextBoolean()
                  ? (byte) (changed[at] ^ 1 << random.nextInt(8))
                  : (byte) random.nextInt(256);
        }
        int shrink = random.nextBoolean() ? 4 : 8;
        if (decode(changed, shrink, random.nextBoolean())) {
          decoded++;
        }
      }
    }
    // Wherever only numbers are changed, it is a picture still.
    assertThat(decoded).isBetween(ROUNDS / 4, files().size() * ROUNDS * 3 / 4);
  }

  private static boolean decode(byte[] changed, int shrink, boolean wholeChroma) {
    try {
      Optional<Raster> found = Decoding.of(changed, SIZE, shrink, wholeChroma);
      found.ifPresent(
          raster -> {
            assertThat(raster.size())
                .isEqualTo(
                    new Dimensions(
                        (SIZE.width() + shrink / 2) / shrink,
                        (SIZE.height() + shrink / 2) / shrink));
            assertThat(raster.samples()).hasSize((int) raster.size().area() * raster.bands());
          });
      return found.isPresent();
    } catch (Throwable e) {
      throw new AssertionError(
          "%d, %s: %s".formatted(shrink, wholeChroma, HexFormat.of().formatHex(changed)), e);
    }
  }
}
