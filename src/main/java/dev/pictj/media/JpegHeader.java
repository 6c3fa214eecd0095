package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Walks the segments of a JPEG up to its first scan (ITU-T T.81, annex B). Two frame headers in one
 * file are refused: decoders disagree on which one counts. So are more tables than a picture has
 * use for: readers unpack each of them into many times its size.
 */
final class JpegHeader {
  private static final int MAX_SEGMENTS = 20_000;

  /** The most tables before the first scan: 4 of one kind and 8 of the other, and some repeated. */
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

  static JpegHeader read(ByteSource in) throws IOException, MediaException {
    Dimensions dimensions = null;
    Orientation orientation = null;
    boolean cmyk = false;
    boolean progressive = false;
    int tables = 0;
    ByteArrayOutputStream skeleton = new ByteArrayOutputStream();
    skeleton.write(0xFF);
    skeleton.write(0xD8);
    JpegSegments segments = new JpegSegments(in);
    for (int i = 0; i < MAX_SEGMENTS; i++) {
      if (!segments.next()) {
        throw in.endsEarly();
      }
      int marker = segments.marker();
      if (marker == JpegSegments.EOI) {
        throw invalid("Invalid JPEG: no pixels");
      }
      if (segments.isStray()) {
        continue;
      }
      if (!segments.isMetadata()) {
        if (++tables > MAX_TABLES || skeleton.size() + segments.length() > MAX_SKELETON) {
          throw invalid("Invalid JPEG: more tables than a picture has use for");
        }
        JpegSegments.write(skeleton, marker, segments.payload());
      }
      if (marker == JpegSegments.SOS) {
        if (dimensions == null) {
          throw invalid("Invalid JPEG: pixels before their header");
        }
        skeleton.write(0xFF);
        skeleton.write(JpegSegments.EOI);
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
      if (segments.isFrame()) {
        if (dimensions != null) {
          throw invalid("Invalid JPEG: two frame headers");
        }
        dimensions = frame(in, segments);
        cmyk = in.u8(segments.at() + 5) == 4;
        progressive = isProgressive(marker);
      } else if (marker == JpegSegments.APP1 && orientation == null && isExif(in, segments)) {
        orientation = ExifBlock.orientation(segments.payload());
      }
    }
    throw invalid("Invalid JPEG: too many segments");
  }

  /** SOF2, SOF6, SOF10 and SOF14. */
  private static boolean isProgressive(int marker) {
    return (marker & 3) == 2;
  }

  private static Dimensions frame(ByteSource in, JpegSegments frame)
      throws IOException, MediaException {
    if (frame.length() < 6) {
      throw invalid("Invalid JPEG: a frame header that is too short");
    }
    int height = in.u16(frame.at() + 1);
    int width = in.u16(frame.at() + 3);
    if (width == 0 || height == 0) {
      throw invalid("Invalid JPEG: a side of 0 pixels");
    }
    return new Dimensions(width, height);
  }

  private static boolean isExif(ByteSource in, JpegSegments segment)
      throws IOException, MediaException {
    return segment.length() > 6
        && in.code(segment.at()).equals("Exif")
        && in.u16(segment.at() + 4) == 0;
  }
}
