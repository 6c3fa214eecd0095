package dev.pictj.http.jetty;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory that all connections together can make the server hold: buffers of replies that
 * are read slowly, request heads, heads of form parts. A client that asks for more than is left is
 * served by less, or is answered 503; nobody waits here, because a slow client would decide for how
 * long.
 *
 * <p>What a connection holds besides is small and of a fixed size, so that {@code
 * --max-connections} bounds it:
 *
 * <ul>
 *   <li>Jetty's objects and the stack of the virtual thread: some 20 KB of heap;
 *   <li>one buffer of 8 KB that requests are read into, and one of 8 KB for the head of a reply
 *       while it is written, both outside the heap;
 *   <li>one buffer of 8 KB for replies other than media ({@link #OUTPUT_BUFFER}); none are
 *       compressed, so there are no buffers for that;
 *   <li>of an upload one buffer of 8 KB; parts go to files as they arrive, and text fields are
 *       dropped;
 *   <li>of a download what its TLS connection takes, some 50 KB;
 *   <li>of a process request its chain, bounded by the length of the head.
 * </ul>
 *
 * <p>A connection that speaks TLS holds more than that, and takes it here ({@link
 * #TLS_CONNECTION}). There are never more of them than half of all has room for.
 *
 * <p>Jetty's pool keeps buffers that nobody uses, at most an eighth of the heap's size outside the
 * heap and as much in it. Files in memory ({@code --blob-cache}) have a budget of their own, and
 * are sent from memory only as long as there is room here for large buffers, because a slow reader
 * keeps them from being forgotten.
 */
public final class ConnectionMemory {
  /** What a reply that is made in the heap is written by, in bytes. */
  public static final int OUTPUT_BUFFER = 8 * 1024;

  /**
   * What stored bytes are written by, in bytes. Up to this size one read and one write are fastest.
   */
  public static final int MAX_BUFFER = 256 * 1024;

  /**
   * What one that speaks TLS holds besides, in bytes, at most: a record of 16 KB as it came, one
   * decrypted, one to be sent, and the state of its engine while keys are agreed on.
   */
  static final int TLS_CONNECTION = 64 * 1024;

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  /**
   * A budget.
   *
   * @param limit in bytes, of the heap and of direct memory together
   */
  public ConnectionMemory(long limit) {
    this.limit = limit;
  }

  /**
   * A part of the Java heap; memory outside the heap has the same limit unless the JVM is told
   * otherwise.
   *
   * @param percent of the largest size of the heap
   */
  public static ConnectionMemory ofHeap(int percent) {
    return new ConnectionMemory(Runtime.getRuntime().maxMemory() * percent / 100);
  }

  /** What one connection, or one use of it, holds: nothing at first. */
  public Share open() {
    return new Share();
  }

  /** How many connections that speak TLS there may be, at least one. */
  public int maxTlsConnections() {
    return Math.toIntExact(Math.clamp(limit / 2 / TLS_CONNECTION, 1, Integer.MAX_VALUE));
  }

  /** Bytes held by all. */
  public long held() {
    return held.get();
  }

  private boolean take(long bytes, long most) {
    if (held.addAndGet(bytes) > most) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Part of the budget. May be used by one thread and closed by another. */
  public final class Share implements AutoCloseable {
    private long taken;
    private boolean closed;

    private Share() {}

    /** Takes what is needed; false, and nothing is taken, where there is no room. */
    public synchronized boolean take(long bytes) {
      return takeBelow(limit, bytes);
    }

    /**
     * Takes what only makes it faster, which is never more than half of all, so that those who need
     * little always find it.
     */
    public synchronized boolean takeForSpeed(long bytes) {
      return takeBelow(limit / 2, bytes);
    }

    private boolean takeBelow(long most, long bytes) {
      if (closed || !ConnectionMemory.this.take(bytes, most)) {
        return false;
      }
      taken += bytes;
      return true;
    }

    /** Gives everything back, and can be used again. */
    public synchronized void giveBack() {
      held.addAndGet(-taken);
      taken = 0;
    }

    /** Gives everything back for good. */
    @Override
    public synchronized void close() {
      giveBack();
      closed = true;
    }
  }
}
