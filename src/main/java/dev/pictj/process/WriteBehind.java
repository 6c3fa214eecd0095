package dev.pictj.process;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much of what was made may be sent before it is stored. It is a budget of bytes, because they
 * are in memory meanwhile; on a disk that cannot keep up it is soon used up, and whoever comes then
 * waits for the disk as everybody would without it.
 */
final class WriteBehind {
  /** Longer than a disk takes that is not broken. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final int capacity;
  private final Semaphore free;

  /**
   * Nothing is taken yet.
   *
   * @param capacity bytes
   */
  WriteBehind(int capacity) {
    this.capacity = capacity;
    this.free = new Semaphore(capacity);
  }

  /** Whether so many bytes could be taken; whoever takes them gives them back. */
  boolean take(long bytes) {
    return bytes <= capacity && free.tryAcquire((int) bytes);
  }

  void giveBack(long bytes) {
    free.release((int) bytes);
  }

  /**
   * Waits until everything that was sent is stored, and lets nothing be taken any more.
   *
   * @return false when a while was not enough
   */
  boolean drain() throws InterruptedException {
    return free.tryAcquire(capacity, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
  }
}
