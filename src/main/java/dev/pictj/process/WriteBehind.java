package dev.pictj.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much of what was made may be sent before it is stored. It is a budget of bytes, because they
 * are in memory meanwhile: until they are stored, and until the slowest client has read them. When
 * it is used up whoever comes waits for the disk, as everybody would without it.
 */
final class WriteBehind {
  /** A stop has to end some time, whatever the disk does. */
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

  /** So many bytes of it, when there are as many. The first holder is whoever stores them. */
  Optional<Share> take(long bytes) {
    return bytes <= capacity && free.tryAcquire((int) bytes)
        ? Optional.of(new Share((int) bytes))
        : Optional.empty();
  }

  /**
   * Waits until all is given back, and then lets nothing be taken any more.
   *
   * @return false when a while was not enough
   */
  boolean drain() throws InterruptedException {
    return free.tryAcquire(capacity, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A part that is taken until its last holder lets go of it. */
  final class Share {
    private final int bytes;
    private int holders = 1;

    private Share(int bytes) {
      this.bytes = bytes;
    }

    /**
     * One more holds it.
     *
     * @return false when it is given back already
     */
    synchronized boolean hold() {
      if (holders == 0) {
        return false;
      }
      holders++;
      return true;
    }

    /** One holds it no longer. */
    synchronized void letGo() {
      holders--;
      if (holders == 0) {
        free.release(bytes);
      }
    }
  }
}
