package dev.pictj.media;

import static dev.pictj.media.HeaderBytes.invalid;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Walks the segments of a JPEG up to its first scan (ITU-T T.81, annex B). Two frame headers in one
 * file are refused: decoders disagree on which one counts. So are more tables than a picture has
 * use for: readers unpack each of them into many times its size.
 */
final class JpegHeader {
  private static final int MAX_SEGMENTS = 20_000;

  /** Before the first scan there are at most 4 tables of one kind and 8 of the other, and a few. */
  private static final int MAX_TABLES = 64;

  private static final int MAX_SKELETON = 256 * 1024;

  private final Probed probed;
  private final byte[] skeleton;

  private JpegHeader(Probed probed, byte[] skeleton) {
    this.probed = probed;
    this.skeleton = skeleton;
  }

  Probed probed() {
    return probed;
  }

  /** The header without its metadata: enough for another reader to tell the size. */
  byte[] skeleton() {
    return skeleton.clone();
  }

  static JpegHeader read(HeaderBytes in) throws IOException, MediaException {
    Dimensions dimensions = null;
    Orientation orientation = null;
    boolean cmyk = false;
    boolean progressive = false;
    int tables = 0;
    ByteArrayOutputStream skeleton = new ByteArrayOutputStream();
    skeleton.write(0xFF);
    skeleton.write(0xD8);
    long at = 2;
    for (int i = 0; i < MAX_SEGMENTS; i++) {
      // Decoders step over stray bytes between segments with a warning.
      while (in.u8(at) != 0xFF) {
        at++;
      }
      while (in.u8(at) == 0xFF) {
        at++;
      }
      int marker = in.u8(at++);
      if (marker == 0xD9) {
        throw invalid("Invalid JPEG: no pixels");
      }
      if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
        continue;
      }
      int length = in.u16(at);
      if (length < 2) {
        throw invalid("Invalid JPEG: a segment shorter than its own length field");
      }
      if (!isMetadata(marker)) {
        if (++tables > MAX_TABLES || skeleton.size() + length > MAX_SKELETON) {
          throw invalid("Invalid JPEG: more tables than a picture has use for");
        }
        skeleton.write(0xFF);
        skeleton.write(marker);
        skeleton.writeBytes(in.bytes(at, length));
      }
      if (marker == 0xDA) {
        if (dimensions == null) {
          throw invalid("Invalid JPEG: pixels before their header");
        }
        skeleton.write(0xFF);
        skeleton.write(0xD9);
        return new JpegHeader(
            new Probed(
                MediaType.JPEG,
                dimensions,
                1,
                orientation == null ? Orientation.UPRIGHT : orientation,
                cmyk,
                progressive),
            skeleton.toByteArray());
      }
      if (isFrame(marker)) {
        if (dimensions != null) {
          throw invalid("Invalid JPEG: two frame headers");
        }
        dimensions = frame(in, at, length);
        cmyk = in.u8(at + 7) == 4;
        progressive = isProgressive(marker);
      } else if (marker == 0xE1 && orientation == null && length > 8 && isExif(in, at + 2)) {
        orientation = ExifBlock.orientation(in.bytes(at + 2, length - 2));
      }
      at += length;
    }
    throw invalid("Invalid JPEG: too many segments");
  }

  /** Application segments and comments. */
  private static boolean isMetadata(int marker) {
    return (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
  }

  /** Every SOFn; C4, C8 and CC of that range mean something else. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** SOF2, SOF6, SOF10 and SOF14. */
  private static boolean isProgressive(int marker) {
    return (marker & 3) == 2;
  }

  private static Dimensions frame(HeaderBytes in, long at, int length)
      throws IOException, MediaException {
    if (length < 8) {
      throw invalid("Invalid JPEG: a frame header that is too short");
    }
    int height = in.u16(at + 3);
    int width = in.u16(at + 5);
    if (width == 0 || height == 0) {
      throw invalid("Invalid JPEG: a side of 0 pixels");
    }
    return new Dimensions(width, height);
  }

  private static boolean isExif(HeaderBytes in, long at) throws IOException, MediaException {
    return in.u32(at) == 0x45786966L && in.u16(at + 4) == 0;
  }
}
