package dev.pictj.app;

import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.UnavailableException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an orderly stop takes too long: when a native call hangs, say, or no memory
 * is left. All that it needs is made beforehand, and it says so past the log, which may be stuck
 * too.
 *
 * <p>{@link Runtime#halt} calls C's {@code exit}, which runs static destructors; RocksDB's wait for
 * its threads and may hang. So this calls {@code _exit}. Once {@code halt} has begun, no thread of
 * Java runs any more, so the kernel's {@code alarm} ends the process a second later.
 */
public final class StopWatchdog {
  private static final Logger log = LoggerFactory.getLogger(StopWatchdog.class);

  /**
   * A twentieth of the time is kept for writing the message: standard error may be a pipe that
   * nobody reads.
   */
  private static final int TIME_PER_WRITE_TIME = 20;

  private static final int STATUS = 1;

  private final CountDownLatch begun = new CountDownLatch(1);

  private final Runnable exit;
  private final Runnable alarm;

  private StopWatchdog(Duration longest) {
    Runnable exits = () -> {};
    Runnable alarms = () -> {};
    try {
      NativeLibrary c = NativeLibrary.standard();
      // The first call of a shape links it, which takes memory; no alarm is set that this ends.
      c.function("int alarm(int)").ready(0).run();
      // It returns nothing, as it never returns.
      exits = c.function("int _exit(int)").ready(STATUS);
      alarms = c.function("int alarm(int)").ready(Math.toIntExact(longest.toSeconds() + 1));
    } catch (UnavailableException e) {
      log.debug("the stop is watched by Java alone", e);
    }
    exit = exits;
    alarm = alarms;
  }

  /**
   * A watchdog that waits for the stop to begin.
   *
   * @param longest how long it may take
   */
  public static StopWatchdog of(Duration longest) {
    StopWatchdog watchdog = new StopWatchdog(longest);
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
              try {
                first.run();
                exit.run();
              } finally {
                runtime.halt(STATUS);
              }
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
    try {
      alarm.run();
    } catch (OutOfMemoryError _) {
      // The two threads need no memory, and end the process without the alarm.
    }
  }
}
