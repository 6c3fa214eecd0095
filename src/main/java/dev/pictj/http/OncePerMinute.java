package dev.pictj.http;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Lets one line of the log through in a minute and counts the others, for a fault that every
 * request may meet until an administrator has mended it.
 */
final class OncePerMinute {
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier ticker;
  private long last;
  private long keptBack;

  /**
   * Makes one that lets the first line through.
   *
   * @param ticker nanoseconds that only grow
   */
  OncePerMinute(LongSupplier ticker) {
    this.ticker = ticker;
    this.last = ticker.getAsLong() - PAUSE_NANOS;
  }

  /** How many lines were kept back since the last one; empty where this one is kept back too. */
  synchronized OptionalLong next() {
    long now = ticker.getAsLong();
    if (now - last < PAUSE_NANOS) {
      keptBack++;
      return OptionalLong.empty();
    }
    last = now;
    OptionalLong count = OptionalLong.of(keptBack);
    keptBack = 0;
    return count;
  }
}
