package dev.pictj.ingest.fetch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A point in time after which a fetch is over; unmoved by changes of the wall clock.
 *
 * @param end in nanoseconds of that clock
 * @param nanoTime a clock that never goes back
 */
record Deadline(long end, LongSupplier nanoTime) {
  static Deadline after(Duration time, LongSupplier nanoTime) {
    return new Deadline(nanoTime.getAsLong() + time.toNanos(), nanoTime);
  }

  /** Milliseconds left, at least 1 because the libraries read 0 as "for ever". */
  long millisLeft() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - nanoTime.getAsLong()));
  }
}
