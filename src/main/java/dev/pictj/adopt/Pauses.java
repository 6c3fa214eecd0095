package dev.pictj.adopt;

import java.time.Duration;

/** Holds back all requests to a server while it has asked for a pause. */
final class Pauses {
  /** A clock, and a way to wait. */
  interface Ticker {
    /** The clock of {@link System#nanoTime}. */
    Ticker SYSTEM =
        new Ticker() {
          @Override
          public long nanos() {
            return System.nanoTime();
          }

          @Override
          public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
          }
        };

    /** Nanoseconds that only grow. */
    long nanos();

    /** Waits for so long. */
    void sleep(Duration duration) throws InterruptedException;
  }

  private final Ticker ticker;
  private long end;

  Pauses(Ticker ticker) {
    this.ticker = ticker;
    this.end = ticker.nanos();
  }

  /** Begins a pause of this length. */
  synchronized void begin(Duration pause) {
    long later = ticker.nanos() + pause.toNanos();
    if (later - end > 0) {
      end = later;
    }
  }

  private synchronized long left() {
    return end - ticker.nanos();
  }

  /** Waits until the pause is over. */
  void await() throws InterruptedException {
    for (long left = left(); left > 0; left = left()) {
      ticker.sleep(Duration.ofNanos(left));
    }
  }
}
