package dev.pictj.media;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A walk through the segments of a JPEG (ITU-T T.81, annex B). Like decoders, which warn then, it
 * steps over stray bytes between segments and over markers that have no place outside a scan, and
 * remembers that there were some.
 */
public final class JpegSegments {
  /** Markers. */
  public static final int SOI = 0xD8;

  public static final int EOI = 0xD9;
  public static final int SOS = 0xDA;
  public static final int DQT = 0xDB;
  public static final int APP0 = 0xE0;
  public static final int APP1 = 0xE1;
  public static final int APP2 = 0xE2;
  public static final int APP14 = 0xEE;

  private final ByteSource in;
  private long next = 2;
  private boolean odd;
  private int marker;
  private long at;
  private int length;

  /** Begins behind the marker that a file begins with. */
  public JpegSegments(ByteSource in) {
    this.in = in;
  }

  /**
   * Goes to the next segment. Markers without a payload count as segments.
   *
   * @return false at the end of the file
   * @throws MediaException where it is not whole
   */
  public boolean next() throws IOException, MediaException {
    long place = next;
    int value = in.read(place);
    while (value >= 0 && value != 0xFF) {
      odd = true;
      value = in.read(++place);
    }
    while (value == 0xFF) {
      value = in.read(++place);
    }
    if (value < 0) {
      return false;
    }
    marker = value;
    at = place + 1;
    length = 0;
    odd |= isStray();
    if (!isStray() && marker != EOI) {
      length = in.u16(at) - 2;
      at += 2;
      if (length < 0) {
        throw MediaException.invalid("Invalid JPEG: a segment shorter than its own length field");
      }
      if (!in.has(at, length)) {
        throw in.endsEarly();
      }
    }
    next = at + length;
    return true;
  }

  /** Goes to the next segment, if that is before the first scan and before the end. */
  public boolean nextBeforeScan() throws IOException, MediaException {
    return next() && marker != SOS && marker != EOI;
  }

  /** Goes on at a place behind entropy-coded data. */
  public void goTo(long place) {
    next = place;
  }

  /** Whether anything was stepped over that has no place in a JPEG. */
  public boolean areOdd() {
    return odd;
  }

  /** The second byte of the marker. */
  public int marker() {
    return marker;
  }

  /** Where the payload begins. */
  public long at() {
    return at;
  }

  /** Where the payload ends. */
  public long end() {
    return at + length;
  }

  /** Bytes of the payload. */
  public int length() {
    return length;
  }

  /** A copy of the payload. */
  public byte[] payload() throws IOException, MediaException {
    return in.bytes(at, length);
  }

  /** Whether it is a marker that has no place outside a scan, and no payload. */
  public boolean isStray() {
    return marker <= 0x01 || (marker >= 0xD0 && marker <= SOI);
  }

  /** Every SOFn; C4, C8 and CC of that range mean something else. */
  public boolean isFrame() {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** Whether a payload begins with a name, as those of applications do. */
  public static boolean startsWith(byte[] payload, String name) {
    byte[] beginning = name.getBytes(StandardCharsets.US_ASCII);
    return payload.length >= beginning.length
        && Arrays.equals(payload, 0, beginning.length, beginning, 0, beginning.length);
  }

  /** Writes a segment: marker, length, payload. */
  public static void write(OutputStream out, int marker, byte[] payload) throws IOException {
    out.write(bytes(marker, payload));
  }

  /** The bytes of a segment: marker, length, payload. */
  public static byte[] bytes(int marker, byte[] payload) {
    short length = (short) (payload.length + 2);
    return ByteBuffer.allocate(4 + payload.length)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort(length)
        .put(payload)
        .array();
  }

  /** Application segments and comments. */
  public boolean isMetadata() {
    return (marker >= APP0 && marker <= 0xEF) || marker == 0xFE;
  }
}
