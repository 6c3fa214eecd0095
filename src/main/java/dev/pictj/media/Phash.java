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
   * What has fewer bits set is too plain to be compared. Of most pictures 31 are; of one that is
   * its own mirror image half of the frequencies are 0, and 16; of one that is so both ways 8,
   * which is within the distance of others by chance, and of a plain one none.
   */
  static final int MIN_BITS_SET = 12;

  private static final Pattern WRITTEN = Pattern.compile("[0-9a-fA-F]{16}");

  /** The one that is written so; empty where that is not 16 hexadecimal digits. */
  public static Optional<Phash> parse(String text) {
    return WRITTEN.matcher(text).matches()
        ? Optional.of(new Phash(Long.parseUnsignedLong(text, 16)))
        : Optional.empty();
  }

  /** The hash of a preview, where it has one. */
  public static Optional<Phash> of(Optional<Preview> preview) {
    return preview.flatMap(Preview::facts).map(Facts::phash).flatMap(Phash::parse);
  }

  /** In how many bits two differ. */
  public int distance(Phash other) {
    return Long.bitCount(bits ^ other.bits);
  }

  /** Whether its picture has enough in it to be compared with others. */
  public boolean isComparable() {
    return Long.bitCount(bits) >= MIN_BITS_SET;
  }

  /** In 16 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x".formatted(bits);
  }
}
