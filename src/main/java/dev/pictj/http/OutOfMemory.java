package dev.pictj.http;

import java.lang.Thread.UncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a server that has run out of memory, on whichever thread: it may have lost threads, or hold
 * locks for ever. {@code -XX:+ExitOnOutOfMemoryError} does the same, but not for memory outside the
 * heap, and not where somebody starts the jar without it.
 */
public final class OutOfMemory {
  /** The exit status that the JVM itself ends with. */
  private static final int STATUS = 3;

  private static final Logger log = LoggerFactory.getLogger(OutOfMemory.class);

  private OutOfMemory() {}

  /** Installs the handler of uncaught exceptions for all threads, in place of the one before. */
  public static void watchThreads() {
    UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          endIfCause(thrown);
          if (before != null) {
            before.uncaughtException(thread, thrown);
          } else {
            log.error("thread {} has died", thread.getName(), thrown);
          }
        });
  }

  /** Ends the process with status 3 where this is the reason of what was thrown. */
  static void endIfCause(Throwable thrown) {
    // A loop, because a stream would need memory.
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        try {
          System.err.println("pictj ends, it is out of memory: " + cause.getMessage());
        } finally {
          // No shutdown hooks, which would need memory too. Everything acknowledged is on the disk.
          Runtime.getRuntime().halt(STATUS);
        }
      }
    }
  }
}
