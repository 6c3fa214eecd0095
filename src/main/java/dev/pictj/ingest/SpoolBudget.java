package dev.pictj.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many received bytes lie on the disk unfinished, over all uploads and downloads
 * together.
 *
 * <p>Bytes count when they have arrived: what a client announces can be a lie either way. A
 * transfer that would go over the limit is refused and gives back what it held; the others go on.
 *
 * <p>Unless one of them only holds the room: an upload that has been on its way for longer than the
 * grace gives way to those that are faster. The one to go is that which would need longest, at the
 * rate of the last one or two graces, to bring again what it holds, and it needs more than the
 * grace for that. So a client that fills the room and then trickles goes first, one that is slow
 * all the time goes when the room is full of such, and one that is fast never does.
 */
public final class SpoolBudget {
  private final long limit;
  private final long graceNanos;
  private final LongSupplier nanoTime;
  private final Set<Share> onTheWay = new LinkedHashSet<>();
  private long held;

  /**
   * Makes a budget.
   *
   * @param limit in bytes
   * @param grace how long no upload gives way
   */
  public SpoolBudget(long limit, Duration grace) {
    this(limit, grace, System::nanoTime);
  }

  /** Makes a budget with a clock in nanoseconds, which never goes back. */
  SpoolBudget(long limit, Duration grace, LongSupplier nanoTime) {
    this.limit = limit;
    this.graceNanos = grace.toNanos();
    this.nanoTime = nanoTime;
  }

  /** The share of one transfer, empty at first; to be closed when its files are gone. */
  public Share open() {
    return new Share(nanoTime.getAsLong());
  }

  /** Bytes held by all shares. */
  public synchronized long held() {
    return held;
  }

  /** Counts bytes, after making room for them where that can be had. */
  private void take(Share share, long bytes) {
    List<Runnable> releases = new ArrayList<>();
    try {
      takeNow(share, bytes, releases);
    } finally {
      // Outside of the lock, because releasing deletes files.
      releases.forEach(Runnable::run);
    }
  }

  private synchronized void takeNow(Share share, long bytes, List<Runnable> releases) {
    if (share.gaveWay) {
      throw new GaveWayException();
    }
    if (share.closed) {
      // Late bytes of a transfer that is over, which are not kept.
      return;
    }
    long now = nanoTime.getAsLong();
    share.advance(now, bytes);
    while (held + bytes > limit) {
      Share slowest = slowest(now);
      if (slowest == null || slowest == share) {
        throw new SpoolFullException(limit);
      }
      slowest.gaveWay = true;
      releases.add(slowest.release);
      remove(slowest);
    }
    held += bytes;
    share.taken += bytes;
  }

  /** The upload that is to give way first, null where none is. */
  private @Nullable Share slowest(long now) {
    Share slowest = null;
    double longest = graceNanos;
    for (Share share : onTheWay) {
      double needed = share.nanosToBringAgain(now);
      if (now - share.opened > graceNanos && needed > longest) {
        slowest = share;
        longest = needed;
      }
    }
    return slowest;
  }

  private synchronized void remove(Share share) {
    held -= share.taken;
    share.taken = 0;
    onTheWay.remove(share);
  }

  /** What one transfer holds. May be used by one thread at a time and closed by another. */
  public final class Share implements AutoCloseable {
    private final long opened;
    private long taken;
    private boolean closed;
    private boolean gaveWay;
    private Runnable release = () -> {};

    /**
     * The stretch of time that is counted now, at least a grace after its end, and the one before.
     */
    private long since;

    private long arrived;
    private long nanosBefore;
    private long arrivedBefore;

    private Share(long now) {
      this.opened = now;
      this.since = now;
    }

    private void advance(long now, long bytes) {
      if (now - since >= graceNanos) {
        nanosBefore = now - since;
        arrivedBefore = arrived;
        since = now;
        arrived = 0;
      }
      arrived += bytes;
    }

    private double nanosToBringAgain(long now) {
      double nanos = (double) nanosBefore + (now - since);
      return taken == 0 ? 0 : taken * nanos / Math.max(1, arrivedBefore + arrived);
    }

    /**
     * Lets this upload give way from now on, until {@link #arrived}.
     *
     * @param release removes what it has on the disk, on any thread
     */
    public void mayGiveWay(Runnable release) {
      synchronized (SpoolBudget.this) {
        this.release = release;
        if (!closed && !gaveWay) {
          onTheWay.add(this);
        }
      }
    }

    /** Notes that all bytes have arrived: the upload keeps its share while it is worked on. */
    public void arrived() {
      synchronized (SpoolBudget.this) {
        onTheWay.remove(this);
      }
    }

    /**
     * Counts bytes that have arrived.
     *
     * @throws SpoolFullException when there is no room for them; they are not counted then
     * @throws GaveWayException when it was so slow that it had to give way
     */
    public void take(long bytes) {
      SpoolBudget.this.take(this, bytes);
    }

    /** Gives everything back; closing again does nothing. */
    @Override
    public void close() {
      synchronized (SpoolBudget.this) {
        closed = true;
        remove(this);
      }
    }
  }
}
