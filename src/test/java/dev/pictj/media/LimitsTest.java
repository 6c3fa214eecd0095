package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.media.MediaException.Reason;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private final Limits limits = new Limits(100, 80, 6000, 10);

  @Test
  void aPictureAtTheLimitPasses() {
    assertThatCode(() -> limits.check(new Dimensions(100, 60), 10)).doesNotThrowAnyException();
    assertThatCode(() -> limits.check(new Dimensions(75, 80), 1)).doesNotThrowAnyException();
  }

  @Test
  void eachLimitNamesItselfAndTheValue() {
    assertThat(refusal(new Dimensions(101, 1), 1).reason()).isEqualTo(Reason.WIDTH);
    assertThat(refusal(new Dimensions(1, 81), 1).reason()).isEqualTo(Reason.HEIGHT);
    assertThat(refusal(new Dimensions(100, 61), 1).reason()).isEqualTo(Reason.AREA);
    assertThat(refusal(new Dimensions(1, 1), 11).reason()).isEqualTo(Reason.FRAMES);
    assertThat(refusal(new Dimensions(101, 81), 11)).hasMessageContaining("101", "100");
  }

  @Test
  void areaDoesNotOverflow() {
    Limits wide = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, 40_000_000, 1);
    Dimensions huge = new Dimensions(Integer.MAX_VALUE, Integer.MAX_VALUE);
    MediaException refused = catchThrowableOfType(MediaException.class, () -> wide.check(huge, 1));
    assertThat(refused.reason()).isEqualTo(Reason.AREA);
  }

  private MediaException refusal(Dimensions dimensions, int frames) {
    return catchThrowableOfType(MediaException.class, () -> limits.check(dimensions, frames));
  }

  @Test
  void whatIsTooLargeFitsWhenItIsShrunk() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      Limits limits =
          new Limits(
              1 + random.nextInt(500), 1 + random.nextInt(500), 1 + random.nextInt(100_000), 1);
      Dimensions from = new Dimensions(1 + random.nextInt(65_535), 1 + random.nextInt(65_535));
      Dimensions to = limits.fit(from);
      limits.check(to, 1);
      // A pixel more on the longer side, and one of the limits would be crossed.
      boolean largest =
          to.width() >= limits.maxWidth() - 1
              || to.height() >= limits.maxHeight() - 1
              || (to.width() + 1L) * (to.height() + 1L) > limits.maxArea()
              || to.equals(from);
      assertThat(largest).as("%s in %s of %s", to, limits, from).isTrue();
    }
  }
}
