package dev.pictj.http;

import java.nio.charset.StandardCharsets;

/** The Range header: two bytes of length, then the field's value. */
public final class RangeFuzz {
  private RangeFuzz() {}

  /** A part lies inside, whatever was asked for. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2) {
      return;
    }
    long length = (input[0] & 0xFF) << 8 | (input[1] & 0xFF);
    String header = new String(input, 2, input.length - 2, StandardCharsets.ISO_8859_1);
    if (ByteRange.parse(header, length, true) instanceof ByteRange.Part part
        && (part.first() < 0
            || part.first() > part.last()
            || part.last() >= length
            || part.length() < 1)) {
      throw new AssertionError(part + " of " + length);
    }
  }
}
