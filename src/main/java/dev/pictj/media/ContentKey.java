package dev.pictj.media;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What pict-rs 0.5 tells media apart by: the SHA-256 of the stored bytes, their number in 48 bits,
 * most significant first, and a byte for the format. Clients that list media see it.
 */
public final class ContentKey {
  private static final int HASH = 32;
  private static final int LENGTH = HASH + 6 + 1;

  private ContentKey() {}

  /**
   * The key of stored bytes.
   *
   * @param hash SHA-256 in hexadecimal digits
   */
  private static byte[] of(String hash, long size, Details details) {
    return ByteBuffer.allocate(LENGTH)
        .put(HexFormat.of().parseHex(hash))
        .putShort((short) (size >>> 32))
        .putInt((int) size)
        .put((byte) details.type().contentKey(details.frames() > 1))
        .array();
  }

  /** The key in hexadecimal digits. */
  public static String hex(String hash, long size, Details details) {
    return HexFormat.of().formatHex(of(hash, size, details));
  }

  /** The key as it stands in URLs. */
  public static String slug(String hash, long size, Details details) {
    return Base64.getUrlEncoder().encodeToString(of(hash, size, details));
  }

  /** The hash in a key that {@link #slug} gave; empty for any other text. */
  public static Optional<String> hashOf(String slug) {
    try {
      byte[] key = Base64.getUrlDecoder().decode(slug);
      return key.length == LENGTH
          ? Optional.of(HexFormat.of().formatHex(key, 0, HASH))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
