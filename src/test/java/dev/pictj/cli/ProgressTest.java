package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);

  private String shown() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTerminalShowsABarThatIsGoneAtTheEnd() {
    try (Progress progress = Progress.of("check", 200, err, true)) {
      progress.accept(100);
      progress.refresh();
      assertThat(shown()).contains("check", "50%", "100/200").doesNotContain("\n");
      progress.accept(100_000);
      progress.refresh();
      assertThat(shown()).contains("100%", "200/200");
    }
    assertThat(onScreen()).isBlank();
  }

  /** What a terminal shows of it: a carriage return goes to the begin of the line. */
  private String onScreen() {
    StringBuilder screen = new StringBuilder();
    int begin = 0;
    int at = 0;
    for (char c : shown().toCharArray()) {
      if (c == '\r') {
        at = begin;
      } else if (c == '\n') {
        screen.append(c);
        begin = screen.length();
        at = begin;
      } else {
        screen.replace(at, Math.min(at + 1, screen.length()), String.valueOf(c));
        at++;
      }
    }
    return screen.toString();
  }

  @Test
  void elsewhereItIsALineNowAndThen() {
    AtomicLong now = new AtomicLong();
    try (Progress progress = Progress.inLines("check", 200, err, now::get)) {
      progress.accept(20);
      progress.refresh();
      assertThat(shown()).isEmpty();
      now.addAndGet(Duration.ofSeconds(30).toNanos());
      progress.accept(100);
      progress.refresh();
      progress.refresh();
      assertThat(shown()).hasLineCount(1).contains("check", "50%").doesNotContain("\r");
    }
    assertThat(shown()).hasLineCount(1);
  }

  @Test
  void whatIsSoonDoneSaysNothingElsewhere() {
    try (Progress progress = Progress.of("check", 0, err, false)) {
      progress.accept(5);
    }
    assertThat(shown()).isEmpty();
  }
}
