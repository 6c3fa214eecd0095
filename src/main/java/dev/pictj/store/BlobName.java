package dev.pictj.store;

import java.util.Optional;
import java.util.regex.Pattern;
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
   * Originals whose filenames begin with as many equal characters lie together. To put some of them
   * at about the same time costs less than as many that are strewn.
   */
  public static final int FOLDER_LENGTH = 4;

  private static final Pattern FILENAME = Pattern.compile("[A-Za-z0-9]{4,64}\\.[a-z0-9]{1,8}");
  private static final Pattern VARIANT = Pattern.compile("[A-Za-z0-9_.-]{1,120}\\.[a-z0-9]{1,8}");

  /** Refuses names of any other shape. */
  public BlobName {
    if (!FILENAME.matcher(filename).matches()) {
      throw new IllegalArgumentException("not a filename: " + filename);
    }
    if (variant != null && (!VARIANT.matcher(variant).matches() || variant.startsWith("."))) {
      throw new IllegalArgumentException("not a variant: " + variant);
    }
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
