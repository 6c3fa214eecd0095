package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

  private ProgressLine of(long total) {
    return new ProgressLine(new PrintStream(terminal, false, StandardCharsets.UTF_8), total);
  }

  private String shown() {
    String shown = terminal.toString(StandardCharsets.UTF_8);
    terminal.reset();
    return shown;
  }

  @Test
  void itIsWrittenOverItselfAndFlushed() {
    ProgressLine line = of(200);
    line.accept(0);
    assertThat(shown()).isEqualTo("\r[                              ]   0 %");
    line.accept(100);
    assertThat(shown()).isEqualTo("\r[###############               ]  50 %");
    line.accept(200);
    assertThat(shown()).isEqualTo("\r[##############################] 100 %");
  }

  @Test
  void itIsWrittenWhenItChangesOnly() {
    ProgressLine line = of(1000);
    for (int count = 0; count < 1000; count++) {
      line.accept(count);
    }
    assertThat(shown().split("\r", -1)).hasSize(1 + 100);
  }

  @Test
  void aTotalThatWasTooSmallStaysAtAHundred() {
    ProgressLine line = of(0);
    line.accept(5);
    line.accept(Integer.MAX_VALUE);
    assertThat(shown()).containsOnlyOnce("\r").endsWith("] 100 %");
  }

  @Test
  void clearingCoversAllOfIt() {
    ProgressLine line = of(10);
    line.clear();
    assertThat(shown()).as("nothing was there").isEmpty();
    line.accept(10);
    int width = shown().length() - 1;
    line.clear();
    assertThat(shown()).startsWith("\r").endsWith("\r").isBlank().hasSizeGreaterThan(width + 1);
  }

  @Test
  void withoutATerminalThereIsNone() {
    ProgressLine line = new ProgressLine(null, 10);
    line.accept(5);
    line.clear();
    assertThat(shown()).isEmpty();
  }
}
