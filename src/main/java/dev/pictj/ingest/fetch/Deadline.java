package dev.pictj.ingest.fetch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point in time after which a fetch is over; unmoved by changes of the wall clock. */
final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline after(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean passed() {
    return end - System.nanoTime() <= 0;
  }

  /** Milliseconds left, at least 1 because the libraries read 0 as "for ever". */
  long millisLeft() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
  }
}
