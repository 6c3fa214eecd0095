package dev.pictj.process;

import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers which variants are whole in the store: this run of the server has made them or has
 * compared their hash. It forgets some when there are many, which are then compared once more; it
 * never takes one for another.
 */
final class Verified {
  /** The most variants that are remembered, in 8 bytes each: half a megabyte. */
  private static final int SLOTS = 1 << 16;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  /** Whether the bytes of this variant are known to be whole. */
  boolean has(VariantKey key, Variant variant) {
    long mark = mark(key, variant);
    return slots.get(slot(mark)) == mark;
  }

  /** Remembers that the bytes of this variant are whole. */
  void add(VariantKey key, Variant variant) {
    long mark = mark(key, variant);
    slots.set(slot(mark), mark);
  }

  private static int slot(long mark) {
    return (int) ((mark >>> 1) & (SLOTS - 1));
  }

  /**
   * 64 bits of the hash of its content, mixed with its name, which is used once and never again and
   * is not of a client's choosing; never 0, which stands for nothing.
   */
  private static long mark(VariantKey key, Variant variant) {
    long content = Long.parseUnsignedLong(variant.hash(), 0, 16, 16);
    long name =
        ((long) key.filename().hashCode() << 32)
            ^ Integer.toUnsignedLong(variant.blob().hashCode());
    return (content ^ name) | 1;
  }
}
