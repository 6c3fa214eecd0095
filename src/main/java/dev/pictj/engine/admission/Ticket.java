package dev.pictj.engine.admission;

import dev.pictj.engine.Party;
import java.util.concurrent.locks.Condition;

/** One job on its way through admission; compared by identity and guarded by admission's lock. */
final class Ticket {
  final Lane lane;

  /** Whose it is. */
  final Party party;

  /** What of the budget it takes. */
  final long bytes;

  final long work;

  /** What it takes of the work that may wait, which is bounded for each. */
  final long share;

  /** What its thread waits on. */
  final Condition turn;

  private boolean running;
  private boolean displaced;
  private long joinedNanos;
  private long startedNanos;

  Ticket(Lane lane, Party party, long bytes, long work, long share, Condition turn) {
    this.lane = lane;
    this.party = party;
    this.bytes = bytes;
    this.work = work;
    this.share = share;
    this.turn = turn;
  }

  boolean running() {
    return running;
  }

  /** It waits from now on. */
  void join(long nanos) {
    joinedNanos = nanos;
  }

  long joinedNanos() {
    return joinedNanos;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** Marks the job as running, and wakes the thread that waits for it. */
  void start(long nanos) {
    running = true;
    startedNanos = nanos;
    turn.signal();
  }

  /** Refuses the job in favour of a party that holds less, and wakes its thread. */
  void displace() {
    displaced = true;
    turn.signal();
  }

  boolean displaced() {
    return displaced;
  }
}
