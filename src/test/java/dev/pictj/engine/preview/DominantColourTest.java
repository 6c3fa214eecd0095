package dev.pictj.engine.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DominantColourTest {
  @Test
  void aPlainPictureHasItsColour() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      int rgb =
          i < 8
              ? 255 * (i & 1) | 0xFF00 * (i >> 1 & 1) | 0xFF0000 * (i >> 2)
              : random.nextInt(1 << 24);
      assertThat(DominantColour.of(TinyPictures.of(3, 2, (_, _) -> 0xFF000000 | rgb)))
          .isEqualTo("#%06x".formatted(rgb));
    }
  }

  /** The mean of red and blue is in neither. */
  @Test
  void itIsThatOfMostPixelsAndNoMean() {
    assertThat(
            DominantColour.of(TinyPictures.of(64, 64, (x, _) -> x < 30 ? 0xFFFF0000 : 0xFF0000FF)))
        .isEqualTo("#0000ff");
  }

  /** Nine of ten are sixteen greens, near to each other, of which each is rarer than the red. */
  @Test
  void shadesCountTogether() {
    Random random = new Random(5);
    String colour =
        DominantColour.of(
            TinyPictures.of(
                50,
                50,
                (x, _) ->
                    x < 5 ? 0xFFC02020 : 0xFF000000 | 0x208030 + random.nextInt(16) * 0x010101));
    assertThat(colour).matches("#2.8.3.");
  }

  @Test
  void whatIsTransparentDoesNotCount() {
    assertThat(
            DominantColour.of(TinyPictures.of(64, 64, (x, _) -> x < 40 ? 0x00FF0000 : 0xFF20A040)))
        .isEqualTo("#20a040");
    assertThat(DominantColour.of(TinyPictures.of(8, 8, (_, _) -> 0x00FF0000))).isEqualTo("#ffffff");
  }
}
