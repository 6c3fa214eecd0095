package dev.pictj.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Ends the JVM when an orderly stop takes too long: when a native call hangs, say, or no memory is
 * left. All that it needs is made beforehand, and it says so past the log, which may be stuck too.
 */
public final class StopWatchdog {
  /**
   * A twentieth of the time is kept for writing the message: standard error may be a pipe that
   * nobody reads.
   */
  private static final int TIME_PER_WRITE_TIME = 20;

  private static final int STATUS = 1;

  private final CountDownLatch begun = new CountDownLatch(1);

  private StopWatchdog() {}

  /**
   * A watchdog that waits for the stop to begin.
   *
   * @param longest how long it may take
   */
  public static StopWatchdog of(Duration longest) {
    StopWatchdog watchdog = new StopWatchdog();
    byte[] words =
        "error: the stop took longer than %d s and is broken off%n"
            .formatted(longest.toSeconds())
            .getBytes(StandardCharsets.US_ASCII);
    FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    watchdog.after(
        longest.minus(longest.dividedBy(TIME_PER_WRITE_TIME)).toMillis(), () -> write(err, words));
    watchdog.after(longest.toMillis(), () -> {});
    return watchdog;
  }

  private void after(long millis, Runnable first) {
    Runtime runtime = Runtime.getRuntime();
    Thread.ofPlatform()
        .name("stop-watchdog")
        .daemon()
        .start(
            () -> {
              try {
                begun.await();
                Thread.sleep(millis);
              } catch (InterruptedException _) {
                return;
              }
              first.run();
              runtime.halt(STATUS);
            });
  }

  private static void write(FileOutputStream err, byte[] words) {
    try {
      err.write(words);
    } catch (IOException _) {
      // Standard error is closed, so the message cannot be written.
    }
  }

  /** Starts the time of the stop. */
  public void stopBegins() {
    begun.countDown();
  }
}
