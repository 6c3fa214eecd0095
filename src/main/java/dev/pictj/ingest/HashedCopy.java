package dev.pictj.ingest;

import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a copy that is mostly equal to its source, and hashes them on the way. As long
 * as they are equal nothing is written, and if all are, the copy becomes a link.
 */
final class HashedCopy extends OutputStream {
  private static final int BUFFER_BYTES = 65_536;

  private final Path source;
  private final TempFile target;
  private final FileChannel original;
  private final ContentHash hash = new ContentHash();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteBuffer compared = ByteBuffer.allocate(BUFFER_BYTES);
  private int filled;

  /** Number of bytes that are equal so far. */
  private long same;

  /** The copy; null as long as all bytes are equal. */
  private @Nullable FileChannel copy;

  /**
   * Reads the file beside what is written.
   *
   * @param source that nobody changes any more
   * @param target not there yet; there once this is finished
   */
  HashedCopy(Path source, TempFile target) throws IOException {
    this.source = source;
    this.target = target;
    this.original = FileChannel.open(source, StandardOpenOption.READ);
  }

  @Override
  public void write(int value) throws IOException {
    if (filled == BUFFER_BYTES) {
      pass();
    }
    buffer[filled++] = (byte) value;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (filled == BUFFER_BYTES) {
        pass();
      }
      int some = Math.min(length - done, BUFFER_BYTES - filled);
      System.arraycopy(bytes, offset + done, buffer, filled, some);
      filled += some;
      done += some;
    }
  }

  private void pass() throws IOException {
    hash.add(buffer, 0, filled);
    if (copy == null && isSame()) {
      same += filled;
    } else {
      FileChannel written = begin();
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, filled);
      while (bytes.hasRemaining()) {
        written.write(bytes);
      }
    }
    filled = 0;
  }

  private boolean isSame() throws IOException {
    compared.clear().limit(filled);
    while (compared.hasRemaining()) {
      if (original.read(compared, same + compared.position()) < 0) {
        return false;
      }
    }
    return Arrays.equals(buffer, 0, filled, compared.array(), 0, filled);
  }

  /** Begins to write the copy, with the bytes that were equal so far. */
  private FileChannel begin() throws IOException {
    if (copy != null) {
      return copy;
    }
    copy = FileChannel.open(target.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    for (long done = 0; done < same; ) {
      long some = original.transferTo(done, same - done, copy);
      if (some <= 0) {
        throw new IOException(source + " became shorter");
      }
      done += some;
    }
    return copy;
  }

  /** Everything was written: the target is whole now. Returns the hash of its bytes. */
  String finish() throws IOException {
    pass();
    if (copy == null && same == Files.size(source)) {
      target.become(source);
    } else {
      begin();
    }
    return hash.text();
  }

  @Override
  public void close() throws IOException {
    original.close();
    if (copy != null) {
      copy.close();
    }
  }
}
