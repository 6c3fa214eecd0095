package dev.pictj.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.metadata.StripFuzz;
import dev.pictj.hostile.Corpora;
import dev.pictj.media.HeaderFuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Damaged AVIF, HEIC, JPEG XL and WebM: read and stripped as what is fuzzed is, in one walk. */
class HostileStillsTest {
  /** Readings for each byte of a file, and bytes written; the most of these files is 2. */
  private static final long MOST = 4;

  @Test
  void noneOfThemDoesMoreThanBeingRefused() throws Exception {
    List<byte[]> files = Corpora.containers();
    assertThat(files).hasSizeGreaterThan(3000);
    for (byte[] file : files) {
      HeaderFuzz.fuzzerTestOneInput(file);
      StripFuzz.fuzzerTestOneInput(file);
      assertThat(HeaderFuzz.asked(file)).isLessThanOrEqualTo(MOST * file.length);
      assertThat(StripFuzz.asked(file)).isLessThanOrEqualTo(MOST * file.length);
    }
  }
}
