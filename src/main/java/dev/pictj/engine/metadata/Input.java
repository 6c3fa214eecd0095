package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file read once from front to back, where an early end means a damaged picture. */
final class Input implements Closeable {
  private final InputStream in;
  private final String format;
  private final byte[] buffer = new byte[65_536];
  private int at;
  private int limit;

  Input(Path file, String format) throws IOException {
    in = Files.newInputStream(file);
    this.format = format;
  }

  /** The next byte, or -1 at the end. */
  int read() throws IOException {
    return at < limit || refill() ? buffer[at++] & 0xFF : -1;
  }

  boolean isAtEnd() throws IOException {
    return at == limit && !refill();
  }

  int u8() throws IOException, MediaException {
    int value = read();
    if (value < 0) {
      throw endsEarly();
    }
    return value;
  }

  int u16() throws IOException, MediaException {
    return u8() << 8 | u8();
  }

  int i32() throws IOException, MediaException {
    return u16() << 16 | u16();
  }

  /** The next bytes; the caller bounds the length. */
  byte[] bytes(int length) throws IOException, MediaException {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int some = some(bytes, done, length - done);
      done += some;
    }
    return bytes;
  }

  /** At least one byte, at most this many. */
  int some(byte[] target, int offset, int length) throws IOException, MediaException {
    if (isAtEnd()) {
      throw endsEarly();
    }
    int count = Math.min(length, limit - at);
    System.arraycopy(buffer, at, target, offset, count);
    at += count;
    return count;
  }

  /** Copies up to, and without, the next byte of this value, or to the end. */
  void copyUntil(byte end, OutputStream out) throws IOException {
    while (at < limit || refill()) {
      int from = at;
      while (at < limit && buffer[at] != end) {
        at++;
      }
      out.write(buffer, from, at - from);
      if (at < limit) {
        return;
      }
    }
  }

  void skip(long length) throws IOException, MediaException {
    long left = length;
    while (left > 0) {
      if (isAtEnd()) {
        throw endsEarly();
      }
      int count = (int) Math.min(left, limit - at);
      at += count;
      left -= count;
    }
  }

  MediaException invalid(String what) {
    return new MediaException(Reason.INVALID, "Invalid " + format + ": " + what);
  }

  MediaException endsEarly() {
    return invalid("the file ends early");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean refill() throws IOException {
    at = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }
}
