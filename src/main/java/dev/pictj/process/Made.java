package dev.pictj.process;

import dev.pictj.catalog.Variant;
import dev.pictj.store.Blob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A variant that can be sent: from the store, or from memory while it is being stored, which may
 * fail yet.
 */
public final class Made {
  private final Variant variant;
  private final byte[] bytes;
  private final WriteBehind.Share share;

  private Made(Variant variant, byte[] bytes, WriteBehind.Share share) {
    this.variant = variant;
    this.bytes = bytes;
    this.share = share;
  }

  /** One that is in the store. */
  static Made stored(Variant variant) {
    return new Made(variant, null, null);
  }

  /**
   * One that may not be there yet.
   *
   * @param share what its bytes are counted by
   */
  static Made unstored(Variant variant, byte[] bytes, WriteBehind.Share share) {
    return new Made(variant, bytes, share);
  }

  /** What is known about it. */
  public Variant variant() {
    return variant;
  }

  /** Its bytes, as long as they are in memory: else they are in the store. To be closed. */
  public Optional<Blob> bytes() {
    return bytes != null && share.hold()
        ? Optional.of(new Held(Blob.of(bytes), share))
        : Optional.empty();
  }

  /** Bytes that count until they are closed. */
  private static final class Held implements Blob {
    private final Blob blob;
    private WriteBehind.Share share;

    private Held(Blob blob, WriteBehind.Share share) {
      this.blob = blob;
      this.share = share;
    }

    @Override
    public long size() {
      return blob.size();
    }

    @Override
    public int read(ByteBuffer buffer, long offset) throws IOException {
      return blob.read(buffer, offset);
    }

    @Override
    public Optional<ByteBuffer> inMemory() {
      return blob.inMemory();
    }

    @Override
    public void close() {
      if (share != null) {
        share.letGo();
        share = null;
      }
    }
  }
}
