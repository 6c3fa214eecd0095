package dev.pictj.codec.jpeg;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/** Reads a file from front to back: segments, markers, and entropy-coded data without stuffing. */
final class FileBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = LOW_BITS << 7;

  private static final int SIZE = 1 << 16;

  private final ReadableByteChannel channel;
  private final byte[] bytes = new byte[SIZE];
  private int at;
  private int end;

  FileBytes(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /** Fills the buffer; bytes that have not been taken stay in it. */
  private boolean more() throws IOException {
    int left = end - at;
    System.arraycopy(bytes, at, bytes, 0, left);
    at = 0;
    end = left;
    int count = channel.read(ByteBuffer.wrap(bytes, end, SIZE - end));
    end += Math.max(0, count);
    return count > 0;
  }

  private void require(int count) throws IOException, GiveUpException {
    while (end - at < count) {
      if (!more()) {
        throw new GiveUpException("it ends early");
      }
    }
  }

  int u8() throws IOException, GiveUpException {
    require(1);
    return bytes[at++] & 0xFF;
  }

  int u16() throws IOException, GiveUpException {
    return u8() << 8 | u8();
  }

  /** So many bytes, at most as many as a segment can have. */
  byte[] take(int count) throws IOException, GiveUpException {
    byte[] taken = new byte[count];
    for (int done = 0; done < count; ) {
      require(1);
      int some = Math.min(count - done, end - at);
      System.arraycopy(bytes, at, taken, done, some);
      at += some;
      done += some;
    }
    return taken;
  }

  /**
   * The second byte of a marker, which must follow, perhaps with fill bytes before it (B.1.1.2).
   */
  int marker() throws IOException, GiveUpException {
    if (u8() != 0xFF) {
      throw new GiveUpException("no marker where one should be");
    }
    int marker = u8();
    while (marker == 0xFF) {
      marker = u8();
    }
    return marker;
  }

  /**
   * Copies entropy-coded bytes without those that are stuffed in (B.1.1.5), as many as there is
   * room for, or up to a marker.
   *
   * @return where the copy ends; before {@code to} only if a marker follows, or eight bytes at most
   */
  int copyEntropyCoded(byte[] out, int from, int to) throws IOException, GiveUpException {
    int done = from;
    while (to - done >= 8) {
      if (end - at < 16 && !more() && end - at < 2) {
        throw new GiveUpException("a scan ends early");
      }
      int safe = Math.min(end - 7, at + to - done - 7);
      while (at < safe) {
        long word = (long) LONG.get(bytes, at);
        if (hasMarkerByte(word)) {
          break;
        }
        LONG.set(out, done, word);
        at += 8;
        done += 8;
      }
      int few = Math.min(8, to - done);
      for (; few > 0 && end - at >= 2; few--) {
        if (bytes[at] != -1) {
          out[done++] = bytes[at++];
        } else if (bytes[at + 1] == 0) {
          out[done++] = -1;
          at += 2;
        } else if (bytes[at + 1] == -1) {
          at++;
        } else {
          return done;
        }
      }
    }
    return done;
  }

  /** Whether one of eight bytes is 255. */
  private static boolean hasMarkerByte(long word) {
    return (~word - LOW_BITS & word & HIGH_BITS) != 0;
  }

  /** Steps over entropy-coded bytes up to a marker that is none of those within (B.2.1, RST). */
  void skipEntropyCoded() throws IOException, GiveUpException {
    while (true) {
      require(2);
      while (end - at >= 8 && !hasMarkerByte((long) LONG.get(bytes, at))) {
        at += 8;
      }
      for (int few = Math.min(8, end - at - 1); few > 0; few--) {
        int next = bytes[at + 1] & 0xFF;
        if (bytes[at] == -1 && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
          return;
        }
        at++;
      }
    }
  }
}
