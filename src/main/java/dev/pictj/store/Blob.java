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

  /** One of bytes that nobody changes any more. */
  static Blob of(byte[] bytes) {
    return new MemoryBlob(bytes);
  }

  /**
   * All of it, where it is in memory anyhow and need not be copied.
   *
   * @return bytes that cannot be changed; usable also after the blob is closed
   */
  default Optional<ByteBuffer> inMemory() {
    return Optional.empty();
  }
}
