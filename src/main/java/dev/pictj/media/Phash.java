package dev.pictj.media;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A perceptual hash, as {@link Facts} tell it.
 *
 * @param bits the first digit in the highest ones
 */
public record Phash(long bits) {
  /** How many bits it has. */
  public static final int BITS = 64;

  /** The greatest distance at which pictures count as alike. */
  public static final int MAX_DISTANCE = 8;

  /**
   * A hash with fewer bits set is of a picture too plain to be compared. Most pictures have 31 bits
   * set. A picture that is its own mirror image has 16, because half of its frequencies are 0, and
   * one that is so both ways has 8, which may be near to others by chance. A plain one has none.
   */
  static final int MIN_BITS_SET = 12;

  private static final Pattern WRITTEN = Pattern.compile("[0-9a-fA-F]{16}");

  /** Reads a hash; empty where the text is not 16 hexadecimal digits. */
  public static Optional<Phash> parse(String text) {
    return WRITTEN.matcher(text).matches()
        ? Optional.of(new Phash(Long.parseUnsignedLong(text, 16)))
        : Optional.empty();
  }

  /** The hash of a preview, where it has one. */
  public static Optional<Phash> of(Optional<Preview> preview) {
    return preview.flatMap(Preview::facts).map(Facts::phash).flatMap(Phash::parse);
  }

  /** Number of bits in which two hashes differ. */
  public int distance(Phash other) {
    return Long.bitCount(bits ^ other.bits);
  }

  /** Whether enough bits are set for a comparison with others. */
  public boolean isComparable() {
    return Long.bitCount(bits) >= MIN_BITS_SET;
  }

  /** Writes the hash in 16 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x".formatted(bits);
  }
}
