package dev.pictj.media;

import static dev.pictj.media.HeaderBytes.invalid;

import java.io.IOException;

/**
 * Walks the chunks of a WebP (RFC 9649, section 2). The canvas that an extended header names must
 * agree with the bitstreams: decoders differ in which of the two they allocate for.
 */
final class WebpHeader {
  private static final int MAX_CHUNKS = 100_000;
  private static final int ANIMATED = 0x02;

  private final HeaderBytes in;
  private int chunks;
  private Probed probed;
  private Dimensions firstFrame;

  private WebpHeader(HeaderBytes in) {
    this.in = in;
  }

  static WebpHeader read(HeaderBytes in) throws IOException, MediaException {
    WebpHeader header = new WebpHeader(in);
    header.probed = header.read();
    return header;
  }

  /** What it says of the whole: the size of an animation is that of its canvas. */
  Probed probed() {
    return probed;
  }

  /** The size of the still, or of an animation's first frame, which may be smaller than it. */
  Dimensions firstFrame() {
    return firstFrame == null ? probed.dimensions() : firstFrame;
  }

  private Probed read() throws IOException, MediaException {
    long end = 8 + in.littleU32(4);
    if (end > in.size()) {
      throw invalid("Invalid WebP: the file ends early");
    }
    return switch (in.code(12)) {
      case "VP8 ", "VP8L" ->
          new Probed(MediaType.WEBP, bitstream(12, end), 1, Orientation.UPRIGHT, false);
      case "VP8X" -> extended(end);
      default -> throw invalid("Invalid WebP: no pixels");
    };
  }

  private Probed extended(long end) throws IOException, MediaException {
    long first = afterChunk(12, end);
    if (in.littleU32(16) < 10) {
      throw invalid("Invalid WebP: an extended header that is too short");
    }
    boolean animated = (in.u8(20) & ANIMATED) != 0;
    Dimensions canvas = new Dimensions(1 + in.littleU24(24), 1 + in.littleU24(27));
    Orientation orientation = Orientation.UPRIGHT;
    int pictures = 0;
    for (long at = first; at <= end - 8; at = afterChunk(at, end)) {
      String code = in.code(at);
      switch (code) {
        case "VP8 ", "VP8L" -> {
          if (animated || ++pictures > 1) {
            throw invalid("Invalid WebP: more than one kind of picture");
          }
          agree(bitstream(at, end), canvas);
        }
        case "ANMF" -> {
          if (!animated) {
            throw invalid("Invalid WebP: frames in a still picture");
          }
          pictures++;
          frame(at, end, canvas);
        }
        case "EXIF" -> {
          int length = (int) Math.min(in.littleU32(at + 4), ExifBlock.MAX_LENGTH);
          orientation = ExifBlock.orientation(in.bytes(at + 8, length));
        }
        default -> {}
      }
    }
    if (pictures == 0) {
      throw invalid("Invalid WebP: no pixels");
    }
    return new Probed(MediaType.WEBP, canvas, pictures, orientation, false);
  }

  /** A frame lies within the canvas and holds one bitstream of its own size. */
  private void frame(long at, long end, Dimensions canvas) throws IOException, MediaException {
    long frameEnd = at + 8 + in.littleU32(at + 4);
    if (frameEnd > end || frameEnd - at < 8 + 16) {
      throw invalid("Invalid WebP: a frame that ends early");
    }
    Dimensions size = new Dimensions(1 + in.littleU24(at + 14), 1 + in.littleU24(at + 17));
    if (2L * in.littleU24(at + 8) + size.width() > canvas.width()
        || 2L * in.littleU24(at + 11) + size.height() > canvas.height()) {
      throw invalid("Invalid WebP: a frame that exceeds the picture");
    }
    if (firstFrame == null) {
      firstFrame = size;
    }
    boolean found = false;
    for (long part = at + 24; part <= frameEnd - 8; part = afterChunk(part, frameEnd)) {
      String code = in.code(part);
      if (code.equals("VP8 ") || code.equals("VP8L")) {
        if (found) {
          throw invalid("Invalid WebP: two pictures in one frame");
        }
        agree(bitstream(part, frameEnd), size);
        found = true;
      }
    }
    if (!found) {
      throw invalid("Invalid WebP: a frame without pixels");
    }
  }

  private static void agree(Dimensions held, Dimensions claimed) throws MediaException {
    if (!held.equals(claimed)) {
      throw invalid(
          "Invalid WebP: the header claims %s, the pixels measure %s".formatted(claimed, held));
    }
  }

  /** The size inside a VP8 key frame (RFC 6386, 9.1) or a lossless stream (RFC 9649, 3.4). */
  private Dimensions bitstream(long at, long end) throws IOException, MediaException {
    boolean lossless = in.u8(at + 3) == 'L';
    long length = in.littleU32(at + 4);
    long data = at + 8;
    if (data + length > end || length < (lossless ? 5 : 10)) {
      throw invalid("Invalid WebP: the file ends early");
    }
    if (lossless) {
      if (in.u8(data) != 0x2F) {
        throw invalid("Invalid WebP: no lossless picture where one is announced");
      }
      long bits = in.littleU32(data + 1);
      return new Dimensions(1 + (int) (bits & 0x3FFF), 1 + (int) (bits >> 14 & 0x3FFF));
    }
    if ((in.u8(data) & 1) != 0 || in.u16(data + 3) != 0x9D01 || in.u8(data + 5) != 0x2A) {
      throw invalid("Invalid WebP: no key frame");
    }
    int width = in.littleU16(data + 6) & 0x3FFF;
    int height = in.littleU16(data + 8) & 0x3FFF;
    if (width == 0 || height == 0) {
      throw invalid("Invalid WebP: a side of 0 pixels");
    }
    return new Dimensions(width, height);
  }

  private long afterChunk(long at, long end) throws IOException, MediaException {
    if (++chunks > MAX_CHUNKS) {
      throw invalid("Invalid WebP: too many chunks");
    }
    long length = in.littleU32(at + 4);
    if (at + 8 + length > end) {
      throw invalid("Invalid WebP: a chunk that ends early");
    }
    return at + 8 + length + (length & 1);
  }
}
