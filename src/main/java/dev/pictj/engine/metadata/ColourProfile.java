package dev.pictj.engine.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Tells whether an ICC profile (ICC.1:2022, section 7) is one: decoders and browsers refuse whole
 * pictures for the sake of a profile that lies about its own length or tags. And which numbers it
 * gives a meaning to.
 */
final class ColourProfile {
  private static final int HEADER = 128;
  private static final int SIGNATURE = 0x61637370;

  /** Some programs fill up to a multiple of four and do not count that. */
  private static final int MAX_PADDING = 3;

  /** Real ones have ten to thirty. */
  private static final int MAX_TAGS = 100;

  private ColourProfile() {}

  /**
   * Whether one that is sound says what the numbers of such pixels mean: it is of a device (7.2.5)
   * that has such numbers (7.2.6), and has what it takes to make colours of them where they have to
   * be (8.3 and 8.4).
   */
  static boolean isOf(byte[] profile, Colours.Channels channels) {
    boolean device =
        switch (text(profile, 12)) {
          case "scnr", "mntr", "prtr", "spac" -> true;
          default -> false;
        };
    boolean known =
        switch (text(profile, 20)) {
          case "XYZ ", "Lab " -> true;
          default -> false;
        };
    String space = text(profile, 16);
    return device
        && known
        && switch (channels) {
          case GREY -> space.equals("GRAY") && (has(profile, "kTRC") || has(profile, "A2B0"));
          case RGB -> space.equals("RGB ");
          case CMYK -> space.equals("CMYK") && has(profile, "A2B0");
        };
  }

  private static boolean has(byte[] profile, String tag) {
    int tags = ByteBuffer.wrap(profile).getInt(HEADER);
    for (int i = 0; i < tags; i++) {
      if (text(profile, HEADER + 4 + 12 * i).equals(tag)) {
        return true;
      }
    }
    return false;
  }

  private static String text(byte[] profile, int at) {
    return new String(profile, at, 4, StandardCharsets.ISO_8859_1);
  }

  /**
   * The profile that some bytes begin with, as long as it says itself (7.2.2): all readers pass
   * over what is behind it. Empty where it is not sound.
   */
  static Optional<byte[]> of(byte[] bytes) {
    if (bytes.length < HEADER + 4) {
      return Optional.empty();
    }
    int length = Math.max(0, ByteBuffer.wrap(bytes).getInt(0));
    boolean much = bytes.length - length > MAX_PADDING;
    return Optional.of(much ? Arrays.copyOf(bytes, length) : bytes)
        .filter(profile -> length <= bytes.length && isSound(profile));
  }

  /** Whether signature and table of tags (7.2.9, 7.3) fit the bytes. */
  private static boolean isSound(byte[] profile) {
    if (profile.length < HEADER + 4) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.wrap(profile);
    int tags = bytes.getInt(HEADER);
    if (bytes.getInt(36) != SIGNATURE
        || tags < 1
        || tags > MAX_TAGS
        || profile.length < HEADER + 4 + 12 * tags) {
      return false;
    }
    for (int i = 0; i < tags; i++) {
      int entry = HEADER + 4 + 12 * i;
      long offset = bytes.getInt(entry + 4) & 0xFFFF_FFFFL;
      long length = bytes.getInt(entry + 8) & 0xFFFF_FFFFL;
      if (offset < HEADER || offset + length > profile.length) {
        return false;
      }
    }
    return true;
  }
}
