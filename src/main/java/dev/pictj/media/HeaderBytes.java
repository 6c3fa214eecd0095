package dev.pictj.media;

import dev.pictj.media.MediaException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Numbers at any place of a file, through a window of a few kilobytes: a walker may jump over
 * gigabytes without reading them. Reading past the end means a damaged picture, not an I/O error.
 */
final class HeaderBytes implements Closeable {
  private static final int WINDOW = 8192;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
  private long windowAt;

  HeaderBytes(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
    size = channel.size();
  }

  long size() {
    return size;
  }

  /** Whether this many bytes stand at this place. */
  boolean has(long at, long length) {
    return at >= 0 && length >= 0 && at <= size - length;
  }

  int u8(long at) throws IOException, MediaException {
    load(at, 1);
    return window.get((int) (at - windowAt)) & 0xFF;
  }

  int u16(long at) throws IOException, MediaException {
    load(at, 2);
    return window.getShort((int) (at - windowAt)) & 0xFFFF;
  }

  long u32(long at) throws IOException, MediaException {
    load(at, 4);
    return window.getInt((int) (at - windowAt)) & 0xFFFF_FFFFL;
  }

  /** An unsigned number of 64 bits; negative where it does not fit a long. */
  long u64(long at) throws IOException, MediaException {
    load(at, 8);
    return window.getLong((int) (at - windowAt));
  }

  int littleU16(long at) throws IOException, MediaException {
    return u8(at) | u8(at + 1) << 8;
  }

  int littleU24(long at) throws IOException, MediaException {
    return littleU16(at) | u8(at + 2) << 16;
  }

  long littleU32(long at) throws IOException, MediaException {
    return littleU16(at) | (long) littleU16(at + 2) << 16;
  }

  /** A code of four characters. */
  String code(long at) throws IOException, MediaException {
    return new String(bytes(at, 4), StandardCharsets.ISO_8859_1);
  }

  /** A copy of some bytes; the caller bounds the length. */
  byte[] bytes(long at, int length) throws IOException, MediaException {
    if (!has(at, length)) {
      throw endsEarly();
    }
    byte[] bytes = new byte[length];
    if (length <= WINDOW) {
      load(at, length);
      window.get((int) (at - windowAt), bytes);
    } else {
      fill(ByteBuffer.wrap(bytes), at);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  static MediaException invalid(String message) {
    return new MediaException(Reason.INVALID, message);
  }

  private void load(long at, int length) throws IOException, MediaException {
    if (!has(at, length)) {
      throw endsEarly();
    }
    if (at >= windowAt && at + length <= windowAt + window.limit()) {
      return;
    }
    window.clear();
    window.limit((int) Math.min(WINDOW, size - at));
    windowAt = at;
    fill(window.duplicate(), at);
  }

  private void fill(ByteBuffer target, long at) throws IOException, MediaException {
    long from = at;
    while (target.hasRemaining()) {
      int read = channel.read(target, from);
      if (read < 0) {
        throw endsEarly();
      }
      from += read;
    }
  }

  private static MediaException endsEarly() {
    return invalid("Invalid image: the file ends early");
  }
}
