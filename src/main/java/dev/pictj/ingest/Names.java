package dev.pictj.ingest;

import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes names nobody can guess: aliases and delete tokens, which are UUIDs (RFC 9562) or letters
 * and digits, and filenames of letters and digits.
 */
public final class Names {
  /** The length of names of pict-rs 0.3: 62^10, about 2^59 possibilities. */
  private static final int LENGTH = 10;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** A folder of files stays handy, and new folders rare. */
  private static final int FILES_PER_FOLDER = 1000;

  private final SecureRandom random;
  private final boolean uuids;
  private String beginning = "";
  private int left;

  /** Names of letters and digits from this source of randomness. */
  public Names(SecureRandom random) {
    this(random, false);
  }

  /**
   * Names from this source of randomness.
   *
   * @param uuids whether aliases and tokens are UUIDs, as of pict-rs 0.5
   */
  public Names(SecureRandom random, boolean uuids) {
    this.random = random;
    this.uuids = uuids;
  }

  /**
   * A fresh alias with the extension that belongs to a type.
   *
   * @param longer how many characters more than usual, for another try after a collision
   */
  public String alias(MediaType type, int longer) {
    return uuids ? uuid() + "." + type.fullExtension() : next(longer) + "." + type.extension();
  }

  /** A fresh delete token. */
  public String token() {
    return uuids ? uuid() : next(0);
  }

  /** A fresh random UUID: version 4. */
  public String uuid() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[6] = (byte) ((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3F) | 0x80);
    ByteBuffer parts = ByteBuffer.wrap(bytes);
    return new UUID(parts.getLong(), parts.getLong()).toString();
  }

  /**
   * A fresh name.
   *
   * @param longer how many characters more than usual, for another try after a collision
   */
  public String next(int longer) {
    return random(LENGTH + longer);
  }

  /**
   * A fresh name for stored bytes, without extension. Those of about the same time begin alike, so
   * that uploads at the same time share one folder and the wait for it; what follows is as hard to
   * guess as any other name.
   */
  public String filename() {
    return beginning() + random(LENGTH);
  }

  private synchronized String beginning() {
    if (left == 0) {
      beginning = random(BlobName.FOLDER_LENGTH);
      left = FILES_PER_FOLDER;
    }
    left--;
    return beginning;
  }

  private String random(int length) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
