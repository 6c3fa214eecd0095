package dev.pictj.process;

import dev.pictj.store.Blob;
import java.io.IOException;
import java.nio.ByteBuffer;
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

  /** A part that is taken, and what it is for, until its last holder lets go of it. */
  final class Share {
    private final int size;
    private byte[] bytes;
    private int holders = 1;

    private Share(int size) {
      this.size = size;
    }

    /** What it is for, which nobody changes any more. */
    synchronized void fill(byte[] content) {
      bytes = content;
    }

    /** For one more who holds it until the blob is closed; empty when it is given back already. */
    synchronized Optional<Blob> open() {
      if (bytes == null) {
        return Optional.empty();
      }
      holders++;
      return Optional.of(new Held(bytes, this));
    }

    /** One holds it no longer. */
    synchronized void letGo() {
      holders--;
      if (holders == 0) {
        // Whoever still knows of it shall not keep what does not count any more.
        bytes = null;
        free.release(size);
      }
    }
  }

  /** Bytes that count until they are closed. */
  private static final class Held implements Blob {
    private final Blob blob;
    private Share share;

    private Held(byte[] bytes, Share share) {
      this.blob = Blob.of(bytes);
      this.share = share;
    }

    @Override
    public long size() {
      return blob.size();
    }

    @Override
    public int read(ByteBuffer buffer, long offset) throws IOException {
      return blob.read(buffer, offset);
    }

    @Override
    public Optional<ByteBuffer> inMemory() {
      return blob.inMemory();
    }

    @Override
    public void close() {
      if (share != null) {
        share.letGo();
        share = null;
      }
    }
  }
}
