package dev.pictj.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the header of coded pixels says: the sequence header of AV1 (AV1 Bitstream & Decoding
 * Process Specification, 5.5), and the sequence parameter set of HEVC (ITU-T H.265, 7.3.2.2).
 *
 * @param size of the picture
 * @param held the size that a decoder holds, before it is cut to that size (the conformance window)
 * @param colours what it says of colours, where it does
 */
record CodedPicture(
    Dimensions size,
    Dimensions held,
    int depth,
    boolean grey,
    Optional<VideoTrack.Colours> colours) {
  private static final int SEQUENCE_HEADER = 1;

  /** Bytes of {@code av1C} before its units. */
  private static final int AV1_FIELDS = 4;

  private static final int HEVC_PARAMETERS = 33;

  /** Bytes of {@code hvcC} before its lists (ISO/IEC 14496-15, 8.3.3.1). */
  private static final int HEVC_FIELDS = 22;

  /**
   * Reads the size and samples of a picture in AV1.
   *
   * @param headers payloads of all sequence headers in the picture's data
   * @param box {@code av1C}, whose own one a decoder may be given first
   */
  static CodedPicture ofAv1(List<byte[]> headers, byte[] box) throws MediaException {
    MediaException damaged = invalid("AVIF", "its coded picture is damaged");
    CodedPicture found = sequence(BitReader.highFirst(only(headers, "AVIF", damaged), damaged));
    for (byte[] other : configured(box, damaged)) {
      requireNotLarger(sequence(BitReader.highFirst(other, damaged)), found, "AVIF");
    }
    return found;
  }

  /** Sequence headers in an {@code av1C} (AV1 Codec ISO Media File Format Binding, 2.3). */
  private static List<byte[]> configured(byte[] box, MediaException damaged) throws MediaException {
    List<byte[]> found = new ArrayList<>();
    ByteBuffer units = ByteBuffer.wrap(box).position(Math.min(box.length, AV1_FIELDS));
    while (units.hasRemaining()) {
      int header = units.get() & 0xFF;
      boolean extended = (header & 4) != 0;
      if (units.remaining() < (extended ? 2 : 1)) {
        break;
      }
      if (extended) {
        units.get();
      }
      long length = (header & 2) != 0 ? leb128(units, damaged) : units.remaining();
      byte[] payload = new byte[(int) Math.min(length, units.remaining())];
      units.get(payload);
      if ((header >> 3 & 15) == SEQUENCE_HEADER) {
        found.add(payload);
      }
    }
    return found;
  }

  /** The header of a picture, which may be repeated, but not with another content. */
  private static byte[] only(List<byte[]> headers, String format, MediaException damaged)
      throws MediaException {
    if (headers.isEmpty()) {
      throw damaged;
    }
    for (byte[] other : headers) {
      if (!Arrays.equals(other, headers.getFirst())) {
        throw invalid(format, "its coded picture has two headers that differ");
      }
    }
    return headers.getFirst();
  }

  private static void requireNotLarger(CodedPicture other, CodedPicture than, String format)
      throws MediaException {
    if (other.held.width() > than.held.width() || other.held.height() > than.held.height()) {
      throw invalid(format, "its coded picture has two headers that differ");
    }
  }

  private static long leb128(ByteBuffer from, MediaException damaged) throws MediaException {
    long value = 0;
    for (int i = 0; i < 5 && from.hasRemaining(); i++) {
      int part = from.get() & 0xFF;
      value |= (long) (part & 0x7F) << (7 * i);
      if (part < 0x80) {
        return value;
      }
    }
    throw damaged;
  }

  private static CodedPicture sequence(BitReader in) throws MediaException {
    final int profile = in.small(3);
    in.skip(1);
    boolean reduced = in.flag();
    if (reduced) {
      in.skip(5);
    } else {
      operatingPoints(in);
    }
    int widthBits = in.small(4) + 1;
    int heightBits = in.small(4) + 1;
    Dimensions size = new Dimensions(in.small(widthBits) + 1, in.small(heightBits) + 1);
    if (!reduced && in.flag()) {
      in.skip(7);
    }
    in.skip(3);
    if (!reduced) {
      tools(in);
    }
    in.skip(3);
    boolean high = in.flag();
    boolean twelve = high && profile == 2 && in.flag();
    boolean grey = profile != 1 && in.flag();
    int primaries = 2;
    int transfer = 2;
    int matrix = 2;
    if (in.flag()) {
      primaries = in.small(8);
      transfer = in.small(8);
      matrix = in.small(8);
    }
    boolean full = (primaries == 1 && transfer == 13 && matrix == 0) || in.flag();
    return new CodedPicture(
        size,
        size,
        twelve ? 12 : high ? 10 : 8,
        grey,
        Optional.of(new VideoTrack.Colours(primaries, transfer, matrix, full)));
  }

  private static void operatingPoints(BitReader in) throws MediaException {
    boolean model = false;
    int delayBits = 0;
    if (in.flag()) {
      in.skip(64);
      if (in.flag()) {
        long _ = in.exponential();
      }
      model = in.flag();
      if (model) {
        delayBits = in.small(5) + 1;
        in.skip(42);
      }
    }
    boolean delay = in.flag();
    int points = in.small(5) + 1;
    for (int i = 0; i < points; i++) {
      in.skip(12);
      if (in.small(5) > 7) {
        in.skip(1);
      }
      if (model && in.flag()) {
        in.skip(2 * delayBits + 1);
      }
      if (delay && in.flag()) {
        in.skip(4);
      }
    }
  }

  private static void tools(BitReader in) throws MediaException {
    in.skip(4);
    boolean hints = in.flag();
    if (hints) {
      in.skip(2);
    }
    boolean choose = in.flag();
    boolean screen = choose || in.flag();
    if (screen && !in.flag()) {
      in.skip(1);
    }
    if (hints) {
      in.skip(3);
    }
  }

  /** Bytes of the length before each unit of HEVC, as an {@code hvcC} box says it. */
  static int lengthSize(byte[] box) throws MediaException {
    if (box.length <= HEVC_FIELDS) {
      throw invalid("HEIC", "its parameters are damaged");
    }
    return (box[HEVC_FIELDS - 1] & 3) + 1;
  }

  /**
   * Reads the size and samples of a picture in HEVC.
   *
   * @param inData all sequence parameter sets in the picture's data
   * @param box {@code hvcC}, which has one
   */
  static CodedPicture ofHevc(List<byte[]> inData, byte[] box) throws MediaException {
    MediaException damaged = invalid("HEIC", "its parameters are damaged");
    List<byte[]> all = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(box).position(Math.min(box.length, HEVC_FIELDS));
    for (int arrays = in.get() & 0xFF; arrays > 0 && in.remaining() >= 3; arrays--) {
      in.get();
      for (int count = in.getShort() & 0xFFFF; count > 0 && in.remaining() >= 2; count--) {
        int length = in.getShort() & 0xFFFF;
        if (length > in.remaining() || length < 2) {
          throw damaged;
        }
        byte[] unit = new byte[length];
        in.get(unit);
        // A decoder goes by the unit's own header, not by what its list says.
        if ((unit[0] >> 1 & 63) == HEVC_PARAMETERS) {
          all.add(unit);
        }
      }
    }
    if (all.isEmpty()) {
      throw damaged;
    }
    all.addAll(inData);
    return parameters(BitReader.highFirst(unescaped(only(all, "HEIC", damaged)), damaged));
  }

  /** Without the bytes that keep start codes from appearing, and without the unit's header. */
  private static byte[] unescaped(byte[] unit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int zeros = 0;
    for (int i = 2; i < unit.length; i++) {
      if (zeros >= 2 && unit[i] == 3) {
        zeros = 0;
        continue;
      }
      zeros = unit[i] == 0 ? zeros + 1 : 0;
      out.write(unit[i]);
    }
    return out.toByteArray();
  }

  private static CodedPicture parameters(BitReader in) throws MediaException {
    in.skip(4);
    int layers = in.small(3);
    in.skip(1 + 96);
    if (layers > 0) {
      int bits = 0;
      for (int i = 0; i < layers; i++) {
        bits += (in.flag() ? 88 : 0) + (in.flag() ? 8 : 0);
      }
      in.skip(2 * (8 - layers) + bits);
    }
    long _ = in.exponential();
    long chroma = in.exponential();
    boolean separate = chroma == 3 && in.flag();
    long width = in.exponential();
    long height = in.exponential();
    if (width > 65_535 || height > 65_535) {
      throw invalid("HEIC", "its parameters are damaged");
    }
    Dimensions held = new Dimensions((int) width, (int) height);
    if (in.flag()) {
      int across = chroma == 1 || chroma == 2 ? 2 : 1;
      int down = chroma == 1 ? 2 : 1;
      width -= across * (in.exponential() + in.exponential());
      height -= down * (in.exponential() + in.exponential());
    }
    long depth = 8 + in.exponential();
    if (width < 1 || height < 1 || depth > 16 || separate) {
      throw invalid("HEIC", "its parameters are damaged");
    }
    return new CodedPicture(
        new Dimensions((int) width, (int) height),
        held,
        (int) depth,
        chroma == 0,
        Optional.empty());
  }

  private static MediaException invalid(String format, String what) {
    return MediaException.invalid("Invalid " + format + ": " + what);
  }
}
