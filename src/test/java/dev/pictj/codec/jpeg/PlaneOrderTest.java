package dev.pictj.codec.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.Dimensions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlaneOrderTest {
  private static int shrink(int most, boolean halvesChroma, ChromaSampling sampling) {
    Dimensions stored = new Dimensions(4000, 3000);
    Dimensions to = new Dimensions(800, 600);
    return new PlaneOrder(stored, to, most, halvesChroma, true, 85, 1).shrinkOf(sampling);
  }

  @ParameterizedTest
  @EnumSource(ChromaSampling.class)
  void theDecoderShrinksLessWhereSampledColourWouldBeTooLittle(ChromaSampling sampling) {
    boolean sampled = sampling != ChromaSampling.WHOLE && sampling != ChromaSampling.GREY;
    assertThat(shrink(4, true, sampling)).isEqualTo(4);
    assertThat(shrink(4, false, sampling)).isEqualTo(sampled ? 2 : 4);
    assertThat(shrink(1, false, sampling)).isEqualTo(1);
  }
}
