package dev.pictj.codec.png;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A zlib stream (RFC 1950) that compresses nothing: all is in stored blocks (RFC 1951, 3.2.4). */
final class StoredBlocks {
  /** As much as the 16 bits of a block's length can say. */
  private static final int MOST = 0xFFFF;

  /** Of a block: a byte with its kind, its length, and the complement of that. */
  private static final int HEAD = 5;

  private static final int LAST = 1;

  /** CMF and FLG (RFC 1950, 2.2): deflate, the usual window, and no effort made. */
  private static final short ZLIB = 0x7801;

  private static final int ZLIB_BYTES = 2;
  private static final int SUM_BYTES = 4;

  private static final ValueLayout.OfShort LITTLE_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort BIG_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private StoredBlocks() {}

  /** How long a stream of so many bytes is, of which there is at least one. */
  static long length(long bytes) {
    return ZLIB_BYTES + HEAD * blocks(bytes) + bytes + SUM_BYTES;
  }

  private static long blocks(long bytes) {
    return (bytes + MOST - 1) / MOST;
  }

  /**
   * The part of such a stream where its bytes must be put before it can be {@linkplain #finish
   * finished}: before the sum, so that none of them has to move to the right.
   */
  static MemorySegment room(MemorySegment stream, long bytes) {
    return stream.asSlice(stream.byteSize() - SUM_BYTES - bytes, bytes);
  }

  /**
   * Makes a stream of what holds nothing yet but the bytes in their {@linkplain #room room}. They
   * move to the left, each block less far than the one before it.
   *
   * @param adler32 the Adler-32 of all bytes (RFC 1950, 8)
   */
  static void finish(MemorySegment stream, long bytes, int adler32) {
    stream.set(BIG_SHORT, 0, ZLIB);
    long to = ZLIB_BYTES;
    long from = to + HEAD * blocks(bytes);
    for (long left = bytes; left > 0; ) {
      int length = (int) Math.min(MOST, left);
      left -= length;
      stream.set(JAVA_BYTE, to, (byte) (left == 0 ? LAST : 0));
      stream.set(LITTLE_SHORT, to + 1, (short) length);
      stream.set(LITTLE_SHORT, to + 3, (short) ~length);
      MemorySegment.copy(stream, from, stream, to + HEAD, length);
      from += length;
      to += HEAD + length;
    }
    stream.set(PngLayout.BIG_INT, to, adler32);
  }
}
