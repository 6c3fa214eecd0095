package dev.pictj.store;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A blob whose bytes are in memory. */
final class MemoryBlob implements Blob {
  private final byte[] bytes;

  /** Bytes that nobody changes any more. */
  MemoryBlob(byte[] bytes) {
    this.bytes = bytes;
  }

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
    // There is nothing to give back.
  }
}
