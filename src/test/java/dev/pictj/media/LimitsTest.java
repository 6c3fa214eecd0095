package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.media.MediaException.Reason;
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
}
