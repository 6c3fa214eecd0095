package dev.pictj.adopt;

import java.time.Duration;

/** When a server may be asked: not while it wants to be left alone. Holds back all who ask it. */
final class Pauses {
  /** Time, and what passes it. */
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

    /** Lets so much of it pass. */
    void sleep(Duration duration) throws InterruptedException;
  }

  private final Ticker ticker;
  private long end;

  Pauses(Ticker ticker) {
    this.ticker = ticker;
    this.end = ticker.nanos();
  }

  /** Nobody asks for so long from now on. */
  synchronized void begin(Duration pause) {
    long later = ticker.nanos() + pause.toNanos();
    if (later - end > 0) {
      end = later;
    }
  }

  private synchronized long left() {
    return end - ticker.nanos();
  }

  /** Waits until nobody wants a pause any more. */
  void await() throws InterruptedException {
    for (long left = left(); left > 0; left = left()) {
      ticker.sleep(Duration.ofNanos(left));
    }
  }
}
