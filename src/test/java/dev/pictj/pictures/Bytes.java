package dev.pictj.pictures;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts byte arrays together and looks into them. */
public final class Bytes {
  private Bytes() {}

  /** The arrays one after another. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** One byte per character. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Two bytes, most significant first. */
  public static byte[] big16(int value) {
    return new byte[] {(byte) (value >> 8), (byte) value};
  }

  /** Four bytes, most significant first. */
  public static byte[] big32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** Four bytes, least significant first. */
  public static byte[] little32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** From one index up to but without another. */
  public static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** From an index to the end. */
  public static byte[] from(byte[] bytes, int index) {
    return Arrays.copyOfRange(bytes, index, bytes.length);
  }

  /** Where the text first stands in the bytes, or -1. */
  public static int find(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }
}
