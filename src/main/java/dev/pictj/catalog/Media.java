package dev.pictj.catalog;

import dev.pictj.media.Details;
import dev.pictj.media.VerifiedBy;

/**
 * One stored content.
 *
 * @param hash SHA-256 of the stored bytes, 64 lower-case hexadecimal digits
 * @param filename private name of the bytes
 * @param size in bytes
 * @param details what is told about it
 * @param verifiedBy whose decoder in a limited process has read the whole of it, or of what it was
 *     made from; nobody's where that is not recorded
 */
public record Media(
    String hash, String filename, long size, Details details, VerifiedBy verifiedBy) {
  /** One that is not verified. */
  public Media(String hash, String filename, long size, Details details) {
    this(hash, filename, size, details, VerifiedBy.NOBODY);
  }

  /** Whether anybody's has. */
  public boolean verified() {
    return verifiedBy != VerifiedBy.NOBODY;
  }
}
