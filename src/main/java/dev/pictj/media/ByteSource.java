package dev.pictj.media;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and bytes at any place of a file. It is read through a window, so that a walker may jump
 * over gigabytes without reading them, and a reader from front to back reads all of it once. To
 * read past the end means that the picture is damaged; it is no I/O error.
 */
public final class ByteSource implements Closeable {
  private static final int HEADER_WINDOW = 8192;
  private static final int WHOLE_WINDOW = 65_536;

  private final @Nullable FileChannel channel;
  private final String format;
  private final long size;
  private final ByteBuffer window;
  private long windowAt;
  private long asked;

  private ByteSource(@Nullable FileChannel channel, String format, long size, ByteBuffer window) {
    this.channel = channel;
    this.format = format;
    this.size = size;
    this.window = window;
  }

  private ByteSource(FileChannel channel, String format, int window) throws IOException {
    this(channel, format, channel.size(), ByteBuffer.allocate(window).limit(0));
  }

  /** A source of a file in memory, all of which is in the window; it need not be closed. */
  public static ByteSource ofMemory(ByteBuffer file, String format) {
    return new ByteSource(null, format, file.limit(), file.duplicate());
  }

  /** A source for a few numbers here and there, with a small window. */
  public static ByteSource ofHeader(Path file) throws IOException {
    return new ByteSource(FileChannel.open(file, StandardOpenOption.READ), "image", HEADER_WINDOW);
  }

  /**
   * A source for reading all of a file, with a large window.
   *
   * @param format its name in the messages of {@link #invalid}
   */
  public static ByteSource ofWhole(Path file, String format) throws IOException {
    return new ByteSource(FileChannel.open(file, StandardOpenOption.READ), format, WHOLE_WINDOW);
  }

  /** Bytes of the whole file. */
  public long size() {
    return size;
  }

  /** How much was asked for, in pieces of up to eight bytes, by which tests judge a walker. */
  public long asked() {
    return asked;
  }

  /** Whether this many bytes stand at this place. */
  public boolean has(long at, long length) {
    return at >= 0 && length >= 0 && at <= size - length;
  }

  /** The byte at this place, or -1 where the file has ended. */
  public int read(long at) throws IOException {
    return has(at, 1) ? window.get(load(at, 1)) & 0xFF : -1;
  }

  /** A number of one byte. */
  public int u8(long at) throws IOException, MediaException {
    return window.get(require(at, 1)) & 0xFF;
  }

  /** A number of two bytes, the higher one first. */
  public int u16(long at) throws IOException, MediaException {
    return window.getShort(require(at, 2)) & 0xFFFF;
  }

  /** A number of four bytes, the highest one first. */
  public long u32(long at) throws IOException, MediaException {
    return window.getInt(require(at, 4)) & 0xFFFF_FFFFL;
  }

  /** An unsigned number of 64 bits; negative where it does not fit a long. */
  long u64(long at) throws IOException, MediaException {
    return window.getLong(require(at, 8));
  }

  /** A number of two bytes, the lower one first. */
  public int littleU16(long at) throws IOException, MediaException {
    return Short.reverseBytes(window.getShort(require(at, 2))) & 0xFFFF;
  }

  /** A number of three bytes, the lowest one first. */
  public int littleU24(long at) throws IOException, MediaException {
    return littleU16(at) | u8(at + 2) << 16;
  }

  /** A number of four bytes, the lowest one first. */
  public long littleU32(long at) throws IOException, MediaException {
    return Integer.reverseBytes(window.getInt(require(at, 4))) & 0xFFFF_FFFFL;
  }

  /** A code of four characters. */
  public String code(long at) throws IOException, MediaException {
    byte[] code = new byte[4];
    window.get(require(at, 4), code);
    return new String(code, StandardCharsets.ISO_8859_1);
  }

  /** A copy of some bytes; the caller bounds the length. */
  public byte[] bytes(long at, int length) throws IOException, MediaException {
    if (!has(at, length)) {
      throw endsEarly();
    }
    byte[] bytes = new byte[length];
    for (int done = 0; done < length; ) {
      done += read(at + done, bytes, done, length - done);
    }
    return bytes;
  }

  /** Reads at least one byte and at most this many; says how many. */
  public int read(long at, byte[] target, int offset, int length)
      throws IOException, MediaException {
    int from = require(at, 1);
    int some = Math.min(length, window.limit() - from);
    asked += some / Long.BYTES;
    window.get(from, target, offset, some);
    return some;
  }

  /** Copies some bytes, which must be there. */
  public void copy(long at, long length, OutputStream out) throws IOException {
    if (!has(at, length)) {
      throw new EOFException("more bytes are to be copied than there are");
    }
    for (long done = 0; done < length; ) {
      int from = load(at + done, 1);
      int some = (int) Math.min(length - done, window.limit() - from);
      out.write(window.array(), window.arrayOffset() + from, some);
      done += some;
    }
  }

  /**
   * Copies up to, and without, the next byte of this value.
   *
   * @return where that is, or the size of the file where there is none
   */
  public long copyUntil(long start, byte end, OutputStream out) throws IOException {
    long at = start;
    while (has(at, 1)) {
      int from = load(at, 1);
      byte[] bytes = window.array();
      int offset = window.arrayOffset();
      int to = from;
      while (to < window.limit() && bytes[offset + to] != end) {
        to++;
      }
      out.write(bytes, offset + from, to - from);
      at += to - from;
      if (to < window.limit()) {
        break;
      }
    }
    return at;
  }

  /** Says what is wrong with the file. */
  public MediaException invalid(String what) {
    return MediaException.invalid("Invalid " + format + ": " + what);
  }

  /** Says that something is missing at its end. */
  public MediaException endsEarly() {
    return invalid("the file ends early");
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private int require(long at, int length) throws IOException, MediaException {
    if (!has(at, length)) {
      throw endsEarly();
    }
    return load(at, length);
  }

  /** Brings these bytes into the window, and returns their offset in it. */
  private int load(long at, int length) throws IOException {
    asked++;
    if (at < windowAt || at + length > windowAt + window.limit()) {
      window.clear().limit((int) Math.min(window.capacity(), size - at));
      windowAt = at;
      ByteBuffer target = window.duplicate();
      while (target.hasRemaining()) {
        if (Objects.requireNonNull(channel).read(target, at + target.position()) < 0) {
          window.limit(0);
          throw new EOFException("a file became shorter while it was read");
        }
      }
    }
    return (int) (at - windowAt);
  }
}
