package dev.pictj.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An open blob. To be closed; not shared between threads. */
public interface Blob extends Closeable {
  /** Length in bytes, fixed while open. */
  long size();

  /**
   * Reads at an offset into what remains of the buffer.
   *
   * @return bytes read, −1 at the end
   */
  int read(ByteBuffer buffer, long offset) throws IOException;

  /** A blob of bytes in memory, which nobody may change any more. */
  static Blob of(byte[] bytes) {
    return new Blob() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public int read(ByteBuffer buffer, long offset) {
        if (offset >= bytes.length) {
          return -1;
        }
        int count = (int) Math.min(buffer.remaining(), bytes.length - offset);
        buffer.put(bytes, (int) offset, count);
        return count;
      }

      @Override
      public Optional<ByteBuffer> inMemory() {
        return Optional.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
      }

      @Override
      public void close() {
        // Bytes on the heap need not be released.
      }
    };
  }

  /**
   * The bytes of a blob that is in memory, without a copy; empty for others.
   *
   * @return bytes that cannot be changed; usable also after the blob is closed
   */
  default Optional<ByteBuffer> inMemory() {
    return Optional.empty();
  }
}
