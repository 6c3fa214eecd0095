package dev.pictj.media;

import static dev.pictj.media.HeaderBytes.invalid;

import java.io.IOException;

/**
 * Walks the segments of a JPEG up to its first scan (ITU-T T.81, annex B). Two frame headers in one
 * file are refused: decoders disagree on which one counts.
 */
final class JpegHeader {
  private static final int MAX_SEGMENTS = 20_000;

  private JpegHeader() {}

  static Probed read(HeaderBytes in) throws IOException, MediaException {
    Dimensions dimensions = null;
    Orientation orientation = null;
    boolean cmyk = false;
    boolean progressive = false;
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
      if (marker == 0xDA) {
        if (dimensions == null) {
          throw invalid("Invalid JPEG: pixels before their header");
        }
        return new Probed(
            MediaType.JPEG,
            dimensions,
            1,
            orientation == null ? Orientation.UPRIGHT : orientation,
            cmyk,
            progressive);
      }
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
