package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chunks of a WebP (RFC 9649, section 2). The canvas that an extended header names must
 * agree with the bitstreams: decoders differ in which of the two they allocate for.
 */
final class WebpHeader {
  private static final int ANIMATED = 0x02;

  /** Bytes of a bitstream that the decoder is given; width and height are in the first ten. */
  private static final int SKELETON = 32;

  private final ByteSource in;
  private final ByteBuffer skeleton = ByteBuffer.allocate(20 + SKELETON);
  private @Nullable Dimensions firstFrame;

  private final Probed probed;

  private WebpHeader(ByteSource in) throws IOException, MediaException {
    this.in = in;
    this.probed = read();
  }

  static WebpHeader read(ByteSource in) throws IOException, MediaException {
    return new WebpHeader(in);
  }

  /** What the header says of the whole file: the size of an animation is that of its canvas. */
  Probed probed() {
    return probed;
  }

  /**
   * A file of the still, or of the first frame alone, that ends behind its size: enough for another
   * reader to tell that. It has no colour profile, which that would have native code parse.
   */
  byte[] skeleton() {
    return skeleton.array();
  }

  /** The size of the still, or of an animation's first frame, which may be smaller than it. */
  Dimensions firstFrame() {
    return firstFrame == null ? probed.dimensions() : firstFrame;
  }

  private Probed read() throws IOException, MediaException {
    Chunks chunks = Chunks.ofWebp(in);
    if (!chunks.next()) {
      throw invalid("Invalid WebP: the file ends early");
    }
    return switch (chunks.code()) {
      case "VP8 ", "VP8L" ->
          new Probed(MediaType.WEBP, bitstream(chunks), 1, Orientation.UPRIGHT, false);
      case "VP8X" -> extended(chunks);
      default -> throw invalid("Invalid WebP: no pixels");
    };
  }

  private Probed extended(Chunks chunks) throws IOException, MediaException {
    if (chunks.length() < 10) {
      throw invalid("Invalid WebP: an extended header that is too short");
    }
    boolean animated = (in.u8(chunks.at()) & ANIMATED) != 0;
    Dimensions canvas = size(chunks.at() + 4);
    Orientation orientation = Orientation.UPRIGHT;
    int pictures = 0;
    while (chunks.next()) {
      switch (chunks.code()) {
        case "VP8 ", "VP8L" -> {
          if (animated || ++pictures > 1) {
            throw invalid("Invalid WebP: more than one kind of picture");
          }
          agree(bitstream(chunks), canvas);
        }
        case "ANMF" -> {
          if (!animated) {
            throw invalid("Invalid WebP: frames in a still picture");
          }
          pictures++;
          frame(chunks, canvas);
        }
        case "EXIF" -> {
          int length = (int) Math.min(chunks.length(), ExifBlock.MAX_LENGTH);
          orientation = ExifBlock.orientation(in.bytes(chunks.at(), length));
        }
        default -> {}
      }
    }
    if (pictures == 0) {
      throw invalid("Invalid WebP: no pixels");
    }
    return new Probed(MediaType.WEBP, canvas, pictures, orientation, false);
  }

  /** Reads a size, written as sides less one of 24 bits each. */
  private Dimensions size(long at) throws IOException, MediaException {
    return new Dimensions(1 + in.littleU24(at), 1 + in.littleU24(at + 3));
  }

  /** Checks a frame: it must lie within the canvas and hold one bitstream of its own size. */
  private void frame(Chunks frame, Dimensions canvas) throws IOException, MediaException {
    if (frame.length() < 16) {
      throw invalid("Invalid WebP: a frame that ends early");
    }
    Dimensions size = size(frame.at() + 6);
    if (2L * in.littleU24(frame.at()) + size.width() > canvas.width()
        || 2L * in.littleU24(frame.at() + 3) + size.height() > canvas.height()) {
      throw invalid("Invalid WebP: a frame that exceeds the picture");
    }
    if (firstFrame == null) {
      firstFrame = size;
    }
    boolean found = false;
    Chunks parts = frame.inner(16);
    while (parts.next()) {
      if (parts.isBitstream()) {
        if (found) {
          throw invalid("Invalid WebP: two pictures in one frame");
        }
        agree(bitstream(parts), size);
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
  private Dimensions bitstream(Chunks chunk) throws IOException, MediaException {
    boolean lossless = chunk.code().equals("VP8L");
    long data = chunk.at();
    if (chunk.length() < (lossless ? 5 : 10)) {
      throw invalid("Invalid WebP: the file ends early");
    }
    if (skeleton.position() == 0) {
      skeleton.put(in.bytes(0, 12)).put(in.bytes(data - 8, 8));
      skeleton.put(in.bytes(data, (int) Math.min(chunk.length(), SKELETON)));
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
}
