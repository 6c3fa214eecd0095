package dev.pictj.process;

import dev.pictj.catalog.Variant;
import dev.pictj.store.Blob;
import java.util.Optional;

/** A variant that can be sent: from the store, or from memory while it is being stored. */
public final class Made {
  private final Variant variant;
  private final byte[] unstored;

  private Made(Variant variant, byte[] unstored) {
    this.variant = variant;
    this.unstored = unstored;
  }

  /** One that is in the store. */
  static Made stored(Variant variant) {
    return new Made(variant, null);
  }

  /** One that may not be there yet, and never will be if that fails. */
  static Made unstored(Variant variant, byte[] bytes) {
    return new Made(variant, bytes);
  }

  /** What is known about it. */
  public Variant variant() {
    return variant;
  }

  /** Its bytes, when they need not be in the store; a new blob each time. */
  public Optional<Blob> bytes() {
    return unstored == null ? Optional.empty() : Optional.of(Blob.of(unstored));
  }
}
