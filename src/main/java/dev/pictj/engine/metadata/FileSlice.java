package dev.pictj.engine.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file, read once from front to back, a byte at a time. */
final class FileSlice {
  private static final int BUFFER = 8192;

  private final FileChannel in;
  private final long at;
  private final long length;
  private final byte[] buffer;
  private long fetched;
  private int next;
  private int limit;

  FileSlice(FileChannel in, long at, long length) {
    this.in = in;
    this.at = at;
    this.length = length;
    this.buffer = new byte[(int) Math.min(BUFFER, length)];
  }

  /** The next byte, or -1 at the end. */
  int read() throws IOException {
    return next < limit || refill() ? buffer[next++] & 0xFF : -1;
  }

  /** Where it begins in the file. */
  long at() {
    return at;
  }

  /** Bytes read so far. */
  long taken() {
    return fetched - limit + next;
  }

  long length() {
    return length;
  }

  private boolean refill() throws IOException {
    int wanted = (int) Math.min(buffer.length, length - fetched);
    int some = wanted == 0 ? 0 : in.read(ByteBuffer.wrap(buffer, 0, wanted), at + fetched);
    if (some <= 0) {
      return false;
    }
    fetched += some;
    next = 0;
    limit = some;
    return true;
  }
}
