package dev.pictj.cli;

import java.io.PrintStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A line on a terminal that says how far a long run has come; silent anywhere else. */
final class ProgressLine implements LongConsumer {
  private static final int WIDTH = 30;

  private final @Nullable PrintStream terminal;
  private final long total;
  private int shown = -1;

  /**
   * A line.
   *
   * @param terminal null where there is none
   * @param total about what the last count will be
   */
  ProgressLine(@Nullable PrintStream terminal, long total) {
    this.terminal = terminal;
    this.total = Math.max(1, total);
  }

  @Override
  public void accept(long count) {
    int percent = (int) Math.min(100, count * 100 / total);
    if (terminal == null || percent == shown) {
      return;
    }
    shown = percent;
    int filled = WIDTH * percent / 100;
    terminal.print(
        "\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] %3d %%".formatted(percent));
    terminal.flush();
  }

  /** Leaves an empty line behind. */
  void clear() {
    if (terminal != null && shown >= 0) {
      terminal.print("\r" + " ".repeat(WIDTH + 10) + "\r");
      terminal.flush();
    }
  }
}
