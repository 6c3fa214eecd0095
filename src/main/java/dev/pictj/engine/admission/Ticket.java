package dev.pictj.engine.admission;

import java.util.concurrent.locks.Condition;

/** One job on its way through admission; compared by identity and guarded by admission's lock. */
final class Ticket {
  private final Lane lane;
  private final long bytes;
  private final long work;
  private final Condition turn;
  private boolean running;
  private long startedNanos;

  Ticket(Lane lane, long bytes, long work, Condition turn) {
    this.lane = lane;
    this.bytes = bytes;
    this.work = work;
    this.turn = turn;
  }

  Lane lane() {
    return lane;
  }

  /** What of the budget it takes. */
  long bytes() {
    return bytes;
  }

  long work() {
    return work;
  }

  /** What its thread waits on. */
  Condition turn() {
    return turn;
  }

  boolean running() {
    return running;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** Its job runs from now on; whoever waits for that is woken. */
  void start(long nanos) {
    running = true;
    startedNanos = nanos;
    turn.signal();
  }
}
