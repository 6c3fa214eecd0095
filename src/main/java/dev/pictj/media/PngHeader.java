package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.IOException;

/**
 * Walks the chunks of a PNG (W3C PNG third edition) without reading pixels: size, frames of an
 * animation, and orientation, which may stand behind the pixels.
 */
final class PngHeader {
  private PngHeader() {}

  static Probed read(ByteSource in) throws IOException, MediaException {
    if (in.u32(8) != 13 || !in.code(12).equals("IHDR")) {
      throw invalid("Invalid PNG: it does not begin with its header");
    }
    Dimensions dimensions = size(in, 16);
    Chunks chunks = Chunks.ofPng(in);
    chunks.next();
    Orientation orientation = Orientation.UPRIGHT;
    long announced = 0;
    int controls = 0;
    boolean counted = false;
    boolean pixels = false;
    // A last chunk without its checksum is ignored.
    while (in.has(chunks.nextAt(), 12) && chunks.next() && !chunks.code().equals("IEND")) {
      switch (chunks.code()) {
        case "IHDR" -> throw invalid("Invalid PNG: two headers");
        case "IDAT" -> pixels = true;
        case "acTL" -> {
          if (!pixels && !counted && chunks.length() == 8) {
            announced = in.u32(chunks.at());
            counted = true;
          }
        }
        case "fcTL" -> {
          controls++;
          if (announced > 0) {
            frame(in, chunks.at(), dimensions);
          }
        }
        case "eXIf" -> {
          if (chunks.length() <= ExifBlock.MAX_LENGTH) {
            orientation = ExifBlock.orientation(chunks.payload());
          }
        }
        default -> {}
      }
    }
    if (!pixels) {
      throw invalid("Invalid PNG: no pixels");
    }
    // Without acTL before the pixels every reader sees a still, and of one frame none sees more.
    long frames = announced <= 1 ? 1 : Math.max(announced, controls);
    if (frames > Integer.MAX_VALUE) {
      throw invalid("Invalid PNG: more frames than any animation may have");
    }
    return new Probed(
        frames > 1 ? MediaType.APNG : MediaType.PNG, dimensions, (int) frames, orientation, false);
  }

  private static Dimensions size(ByteSource in, long at) throws IOException, MediaException {
    long width = in.u32(at);
    long height = in.u32(at + 4);
    if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw invalid("Invalid PNG: no picture measures %dx%d".formatted(width, height));
    }
    return new Dimensions((int) width, (int) height);
  }

  private static void frame(ByteSource in, long at, Dimensions canvas)
      throws IOException, MediaException {
    Dimensions frame = size(in, at + 4);
    if (in.u32(at + 12) + frame.width() > canvas.width()
        || in.u32(at + 16) + frame.height() > canvas.height()) {
      throw invalid("Invalid PNG: a frame that exceeds the picture");
    }
  }
}
