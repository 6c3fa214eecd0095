package dev.pictj.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long work goes on that nobody waits for any more: many clients give up after ten seconds, ask
 * again, and then find it done.
 *
 * @param limitNanos nanoseconds from when the last caller left, waiting for a turn and working
 *     together; 0 calls work off at once
 * @param nanoTime a clock that never goes back
 */
public record AbandonedWork(long limitNanos, LongSupplier nanoTime, Timer timer) {
  /** Runs something later. */
  @FunctionalInterface
  public interface Timer {
    /** Runs a short task once, on any thread, when so many nanoseconds have gone by. */
    void after(long nanos, Runnable task);
  }

  /** By the system's clock. */
  public static AbandonedWork lasting(Duration limit) {
    return new AbandonedWork(
        limit.toNanos(),
        System::nanoTime,
        (nanos, task) ->
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(task));
  }
}
