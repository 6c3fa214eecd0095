package dev.pictj.pictures;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A JPEG taken apart at its markers (ITU-T T.81, annex B), to be put together otherwise. */
public final class JpegParts {
  private JpegParts() {}

  /**
   * A segment.
   *
   * @param payload without its length
   * @param coded of a scan, the entropy-coded bytes that follow, with restarts
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Part(int marker, byte[] payload, byte[] coded) {
    /** One that is no scan. */
    public Part(int marker, int... payload) {
      this(marker, bytes(payload), new byte[0]);
    }

    /** The same with one byte of its payload set. */
    public Part with(int index, int value) {
      byte[] other = payload.clone();
      other[index] = (byte) value;
      return new Part(marker, other, coded);
    }

    /** The same under another name. */
    public Part as(int other) {
      return new Part(other, payload, coded);
    }

    /** The same with other entropy-coded bytes. */
    public Part withCoded(byte[] other) {
      return new Part(marker, payload, other);
    }

    private static byte[] bytes(int[] numbers) {
      byte[] bytes = new byte[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        bytes[i] = (byte) numbers[i];
      }
      return bytes;
    }
  }

  /** All segments of a sound file, without its first marker and its last. */
  public static List<Part> of(byte[] jpeg) {
    List<Part> parts = new ArrayList<>();
    int at = marker(jpeg, 2);
    while ((jpeg[at] & 0xFF) != 0xD9) {
      int end = at + 1 + ((jpeg[at + 1] & 0xFF) << 8 | (jpeg[at + 2] & 0xFF));
      int next = end;
      while (jpeg[next] != -1
          || jpeg[marker(jpeg, next)] == 0
          || (jpeg[marker(jpeg, next)] & 0xF8) == 0xD0) {
        next++;
      }
      parts.add(
          new Part(jpeg[at] & 0xFF, Bytes.part(jpeg, at + 3, end), Bytes.part(jpeg, end, next)));
      at = marker(jpeg, next);
    }
    return parts;
  }

  /** Where the second byte of a marker is, behind all that fills up. */
  private static int marker(byte[] jpeg, int from) {
    int at = from + 1;
    while (jpeg[at] == -1) {
      at++;
    }
    return at;
  }

  /** A file of these. */
  public static byte[] join(List<Part> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {-1, (byte) 0xD8});
    for (Part part : parts) {
      out.writeBytes(new byte[] {-1, (byte) part.marker()});
      out.writeBytes(Bytes.big16(part.payload().length + 2));
      out.writeBytes(part.payload());
      out.writeBytes(part.coded());
    }
    out.writeBytes(new byte[] {-1, (byte) 0xD9});
    return out.toByteArray();
  }

  /** The number of the first that is such. */
  public static int first(List<Part> parts, Predicate<Part> such) {
    for (int i = 0; i < parts.size(); i++) {
      if (such.test(parts.get(i))) {
        return i;
      }
    }
    throw new IllegalArgumentException("no such segment");
  }
}
