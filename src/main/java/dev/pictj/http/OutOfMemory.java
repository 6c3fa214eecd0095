package dev.pictj.http;

import java.lang.Thread.UncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a server that has run out of memory, wherever that shows: one that lives on has lost threads
 * and locks that nobody knows of. {@code -XX:+ExitOnOutOfMemoryError} does the same, but not for
 * memory outside the heap, and not where somebody starts the jar without it.
 */
public final class OutOfMemory {
  /** The status that the JVM ends with of itself. */
  private static final int STATUS = 3;

  private static final Logger log = LoggerFactory.getLogger(OutOfMemory.class);

  private OutOfMemory() {}

  /** Has every thread's death looked at, in place of the handler that there was. */
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
    // No stream: that would need memory.
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
