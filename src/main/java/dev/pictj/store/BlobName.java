package dev.pictj.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The private name of stored bytes: an original under its filename, or a variant under its
 * original's filename and a key of its own. Only names of these shapes exist, so that no text from
 * a client ever becomes a path.
 *
 * @param filename of the original, alphanumeric with an extension, such as {@code aB3dE6gH9k.jpg}
 * @param variant null for the original, else such as {@code thumbnail-256.webp}
 */
public record BlobName(String filename, @Nullable String variant) {
  /**
   * Originals whose filenames begin with this many equal characters lie in one folder. Storing
   * several in one folder at about the same time costs less than in as many folders.
   */
  public static final int FOLDER_LENGTH = 4;

  private static final int MIN_FILENAME = FOLDER_LENGTH;
  private static final int MAX_FILENAME = 64;
  private static final int MAX_VARIANT = 120;
  private static final int MAX_EXTENSION = 8;

  /** Refuses names of any other shape. */
  public BlobName {
    if (!isShaped(filename, MIN_FILENAME, MAX_FILENAME, "")) {
      throw new IllegalArgumentException("not a filename: " + filename);
    }
    if (variant != null && (!isShaped(variant, 1, MAX_VARIANT, "_.-") || variant.startsWith("."))) {
      throw new IllegalArgumentException("not a variant: " + variant);
    }
  }

  /**
   * Whether a name is letters and digits, a dot and an extension in lower case. Every request of
   * media comes by here, so no regular expression.
   *
   * @param min and {@code max} characters before the last dot
   * @param more what may stand there beside letters and digits
   */
  private static boolean isShaped(String name, int min, int max, String more) {
    int dot = name.lastIndexOf('.');
    int extension = name.length() - dot - 1;
    if (dot < min || dot > max || extension < 1 || extension > MAX_EXTENSION) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isAnywhere = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      boolean isBefore = i < dot && ((c >= 'A' && c <= 'Z') || more.indexOf(c) >= 0);
      if (!isAnywhere && !isBefore && i != dot) {
        return false;
      }
    }
    return true;
  }

  /** The name of an original. */
  public static BlobName original(String filename) {
    return new BlobName(filename, null);
  }

  /** The name of a variant of an original. */
  public static BlobName variant(String filename, String variant) {
    return new BlobName(filename, variant);
  }

  /** Reads what {@link #toString} writes; empty for anything else. */
  public static Optional<BlobName> parse(String text) {
    int slash = text.indexOf('/');
    try {
      return Optional.of(
          slash < 0
              ? original(text)
              : variant(text.substring(0, slash), text.substring(slash + 1)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return variant == null ? filename : filename + "/" + variant;
  }
}
