package dev.pictj.catalog;

import dev.pictj.media.Details;
import dev.pictj.media.Preview;
import dev.pictj.media.VerifiedBy;
import java.time.Instant;
import java.util.Optional;

/**
 * One stored content.
 *
 * @param hash SHA-256 of the stored bytes, 64 lower-case hexadecimal digits
 * @param filename private name of the bytes
 * @param size in bytes
 * @param details what is told about it
 * @param verifiedBy whose decoder, in a limited process, has read the whole media or the file that
 *     it was made from
 * @param preview empty where none was made yet
 */
public record Media(
    String hash,
    String filename,
    long size,
    Details details,
    VerifiedBy verifiedBy,
    Optional<Preview> preview) {
  /** A media without a preview. */
  public Media(String hash, String filename, long size, Details details, VerifiedBy verifiedBy) {
    this(hash, filename, size, details, verifiedBy, Optional.empty());
  }

  /** A media that is not verified. */
  public Media(String hash, String filename, long size, Details details) {
    this(hash, filename, size, details, VerifiedBy.NOBODY);
  }

  /** A key for the order of uploads, the latest first; no other media has the same. */
  public String place() {
    return place(details.createdAt(), hash);
  }

  /** The place of a media that was uploaded at this moment. */
  public static String place(Instant uploaded, String hash) {
    long micros = uploaded.getEpochSecond() * 1_000_000 + uploaded.getNano() / 1000;
    return "%016x-%s".formatted(Long.MAX_VALUE - Math.max(0, micros), hash);
  }

  /** Whether a decoder has read the whole media. */
  public boolean verified() {
    return verifiedBy != VerifiedBy.NOBODY;
  }
}
