package dev.pictj.codec.jpeg;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The ICC profile of a JPEG (ICC.1, annex B.4), in segments that each tell their number and that of
 * all.
 */
final class Profile {
  private static final byte[] NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = NAME.length + 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int parts;
  private int all;

  /** Takes an APP2 segment, whatever it is. */
  void add(byte[] payload) throws GiveUpException {
    if (!startsWith(payload, NAME)) {
      return;
    }
    if (payload.length <= HEAD
        || (payload[NAME.length] & 0xFF) != parts + 1
        || (parts > 0 && (payload[NAME.length + 1] & 0xFF) != all)) {
      throw new GiveUpException("the parts of a profile are not in order");
    }
    parts++;
    all = payload[NAME.length + 1] & 0xFF;
    bytes.write(payload, HEAD, payload.length - HEAD);
  }

  /** All of it. */
  byte[] whole() throws GiveUpException {
    if (parts != all) {
      throw new GiveUpException("a part of a profile is missing");
    }
    return bytes.toByteArray();
  }

  static boolean startsWith(byte[] bytes, byte[] beginning) {
    return bytes.length >= beginning.length
        && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
  }
}
