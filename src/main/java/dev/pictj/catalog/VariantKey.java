package dev.pictj.catalog;

/**
 * What tells one variant from all others. The filename and not the hash of the media: the same
 * content may be deleted and come back with other variants.
 *
 * @param filename of the media
 * @param name of the variant within the media, such as {@code thumbnail-256.webp}
 */
public record VariantKey(String filename, String name) {
  /** A variant of a media. */
  public static VariantKey of(Media media, String name) {
    return new VariantKey(media.filename(), name);
  }

  @Override
  public String toString() {
    return filename + "/" + name;
  }
}
