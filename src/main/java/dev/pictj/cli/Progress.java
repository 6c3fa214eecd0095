package dev.pictj.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far a long run has come and when it will end: on a terminal a bar, which is gone at the
 * end, elsewhere a line now and then. What is soon done says nothing elsewhere.
 */
final class Progress implements LongConsumer, AutoCloseable {
  /** Width of the bar; to find out the terminal's own would take native code. */
  private static final int WIDTH = 79;

  private static final Duration BAR_INTERVAL = Duration.ofMillis(250);
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(30);

  private final ProgressBar bar;
  private final Runnable atEnd;

  private Progress(
      String task, long total, Duration interval, ProgressBarConsumer consumer, Runnable atEnd) {
    this.atEnd = atEnd;
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(Math.max(1, total))
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis((int) interval.toMillis())
            .setConsumer(consumer)
            .clearDisplayOnFinish()
            .build();
  }

  /**
   * Begins to show progress.
   *
   * @param total about what the last count will be
   * @param err where people are told
   * @param terminal whether that is one
   */
  static Progress of(String task, long total, PrintStream err, boolean terminal) {
    // The library swallows what goes wrong when it takes its bar away.
    return terminal
        ? new Progress(
            task,
            total,
            BAR_INTERVAL,
            new ConsoleProgressBarConsumer(err, WIDTH),
            () -> err.print("\r" + " ".repeat(WIDTH) + "\r"))
        : inLines(task, total, err, System::nanoTime);
  }

  static Progress inLines(String task, long total, PrintStream err, LongSupplier ticker) {
    Lines lines = new Lines(err, ticker);
    return new Progress(
        task,
        total,
        LINE_INTERVAL,
        new DelegatingProgressBarConsumer(lines::accept, WIDTH),
        () -> {});
  }

  /** Prints what is shown where the last line, or the beginning, is long enough ago. */
  private static final class Lines {
    private final PrintStream out;
    private final LongSupplier ticker;
    private long last;

    Lines(PrintStream out, LongSupplier ticker) {
      this.out = out;
      this.ticker = ticker;
      this.last = ticker.getAsLong();
    }

    synchronized void accept(String shown) {
      String line = shown.strip();
      long now = ticker.getAsLong();
      if (!line.isEmpty() && now - last >= LINE_INTERVAL.toNanos()) {
        last = now;
        out.println(line);
      }
    }
  }

  @Override
  public void accept(long count) {
    bar.stepTo(Math.min(count, bar.getMax()));
  }

  /** Shows the count at once; otherwise it is shown now and then. */
  void refresh() {
    bar.refresh();
  }

  @Override
  public void close() {
    bar.close();
    atEnd.run();
  }
}
