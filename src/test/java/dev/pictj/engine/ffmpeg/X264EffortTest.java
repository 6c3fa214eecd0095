package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class X264EffortTest {
  @ParameterizedTest
  @CsvSource({
    // width, height, MiB of memory, frames looked ahead at, frugal
    "1, 1, 3072, 30, false",
    "1920, 1080, 3072, 30, false",
    "3840, 2160, 3072, 13, false",
    "4000, 3000, 3072, 4, false",
    "4700, 4700, 3072, 4, false",
    "6300, 6300, 3072, 0, true",
    "6300, 6300, 12288, 8, false",
    "1920, 1080, 256, 0, true",
    "10000, 10000, 1, 0, true"
  })
  void looksLessFarAheadWhereFramesAreLarge(
      long width, long height, long memory, int lookAhead, boolean frugal) {
    assertThat(X264Effort.of(width * height, memory << 20))
        .isEqualTo(new X264Effort(lookAhead, frugal));
  }
}
