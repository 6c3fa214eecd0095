package dev.pictj.engine.vips;

import java.lang.foreign.MemorySegment;

/**
 * Bytes for a decoder of which it is known how far they were read. The last ones are given out one
 * at a time, so that it is known exactly where it matters.
 */
final class WatchedSource implements Draining.Reader {
  private static final int SINGLY = 32;

  private final MemorySegment bytes;
  private long at;

  WatchedSource(MemorySegment bytes) {
    this.bytes = bytes;
  }

  /** How many nobody has asked for. */
  long unread() {
    return bytes.byteSize() - at;
  }

  @Override
  public long read(MemorySegment source, MemorySegment buffer, long length, MemorySegment data) {
    long left = unread();
    if (left == 0 || length <= 0) {
      return 0;
    }
    long count = left <= SINGLY ? 1 : Math.min(length, left - SINGLY);
    // A pointer out of C has no length of its own.
    MemorySegment.copy(bytes, at, LibVips.bytes(buffer, count), 0, count);
    at += count;
    return count;
  }
}
