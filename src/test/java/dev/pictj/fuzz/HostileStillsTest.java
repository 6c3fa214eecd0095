package dev.pictj.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.metadata.StripFuzz;
import dev.pictj.hostile.Corpora;
import dev.pictj.media.HeaderFuzz;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Damaged AVIF, HEIC and JPEG XL: read and stripped as what is fuzzed is, quickly. */
class HostileStillsTest {
  private static final Duration QUICK = Duration.ofSeconds(2);

  @Test
  void noneOfThemDoesMoreThanBeingRefused() {
    List<byte[]> files = Corpora.stills();
    assertThat(files).hasSizeGreaterThan(1000);
    for (byte[] file : files) {
      Assertions.assertTimeout(
          QUICK,
          () -> {
            HeaderFuzz.fuzzerTestOneInput(file);
            StripFuzz.fuzzerTestOneInput(file);
          });
    }
  }
}
