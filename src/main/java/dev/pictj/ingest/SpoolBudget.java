package dev.pictj.ingest;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds how many received bytes lie on the disk unfinished, over all uploads and downloads
 * together.
 *
 * <p>Bytes count when they have arrived: what a client announces can be a lie either way. A
 * transfer that would go over the limit is refused and gives back what it held; the others go on.
 */
public final class SpoolBudget {
  private final long limit;
  private final AtomicLong held = new AtomicLong();

  /**
   * A budget.
   *
   * @param limit in bytes
   */
  public SpoolBudget(long limit) {
    this.limit = limit;
  }

  /** The share of one transfer, empty at first; to be closed when its files are gone. */
  public Share open() {
    return new Share();
  }

  /** Bytes held by all shares. */
  public long held() {
    return held.get();
  }

  /** What one transfer holds. May be used by one thread at a time and closed by another. */
  public final class Share implements AutoCloseable {
    private long taken;
    private boolean closed;

    private Share() {}

    /**
     * Counts bytes that have arrived.
     *
     * @throws SpoolFullException when there is no room for them; they are not counted then
     */
    public synchronized void take(long bytes) {
      if (closed) {
        // Late bytes of a transfer that is over; nobody keeps them.
        return;
      }
      if (held.addAndGet(bytes) > limit) {
        held.addAndGet(-bytes);
        throw new SpoolFullException(limit);
      }
      taken += bytes;
    }

    /** Gives everything back; closing again does nothing. */
    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        held.addAndGet(-taken);
      }
    }
  }
}
