package dev.pictj.catalog;

import dev.pictj.media.Details;

/**
 * One stored content.
 *
 * @param hash SHA-256 of the stored bytes, 64 lower-case hexadecimal digits
 * @param filename private name of the bytes
 * @param size in bytes
 * @param details what is told about it
 * @param verified whether a decoder in a limited process has read the whole of it, or written it;
 *     where that is not recorded, it counts as not verified
 */
public record Media(String hash, String filename, long size, Details details, boolean verified) {
  /** One that is not verified. */
  public Media(String hash, String filename, long size, Details details) {
    this(hash, filename, size, details, false);
  }
}
