package dev.pictj.engine.vips;

import java.lang.foreign.MemorySegment;

/**
 * Bytes for a decoder of which it is known how far they were read. The last ones are given out one
 * at a time, so that it is known exactly where it matters.
 */
final class WatchedSource {
  private static final int BYTES_GIVEN_SINGLY = 32;

  private final MemorySegment bytes;
  private long at;

  WatchedSource(MemorySegment bytes) {
    this.bytes = bytes;
  }

  /** Bytes that the decoder has not asked for. */
  long unread() {
    return bytes.byteSize() - at;
  }

  /** Fills a buffer from its beginning; returns how many bytes that were, at the end 0. */
  long read(MemorySegment buffer) {
    long left = unread();
    long count =
        Math.min(
            buffer.byteSize(),
            left <= BYTES_GIVEN_SINGLY ? Math.min(1, left) : left - BYTES_GIVEN_SINGLY);
    MemorySegment.copy(bytes, at, buffer, 0, count);
    at += count;
    return count;
  }
}
