package dev.pictj.process;

import dev.pictj.catalog.Variant;
import dev.pictj.store.Blob;
import java.util.Optional;

/**
 * A variant that can be sent: from the store, or from memory while it is being stored, which may
 * fail yet.
 */
public final class Made {
  private final Variant variant;
  private final Optional<WriteBehind.Share> share;

  private Made(Variant variant, Optional<WriteBehind.Share> share) {
    this.variant = variant;
    this.share = share;
  }

  /** One that is in the store. */
  static Made stored(Variant variant) {
    return new Made(variant, Optional.empty());
  }

  /** One that may not be there yet, and what holds its bytes. */
  static Made unstored(Variant variant, WriteBehind.Share share) {
    return new Made(variant, Optional.of(share));
  }

  /** What is known about it. */
  public Variant variant() {
    return variant;
  }

  /** Its bytes, as long as they are in memory: else they are in the store. To be closed. */
  public Optional<Blob> bytes() {
    return share.flatMap(WriteBehind.Share::open);
  }
}
