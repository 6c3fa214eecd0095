package dev.pictj.media;

import static dev.pictj.media.HeaderBytes.invalid;

import java.io.IOException;

/**
 * Walks the blocks of a GIF (GIF89a specification, 1990) without unpacking pixels. Decoders enlarge
 * the canvas for a frame that exceeds it, so the size is that of screen and frames together.
 */
final class GifHeader {
  /** Far beyond any limit on frames; counting further would only cost time. */
  private static final int ENOUGH_FRAMES = 100_000;

  private GifHeader() {}

  static Probed read(HeaderBytes in) throws IOException, MediaException {
    int width = in.littleU16(6);
    int height = in.littleU16(8);
    int frames = 0;
    long at = 13L + palette(in.u8(10));
    while (frames < ENOUGH_FRAMES && in.has(at, 1)) {
      int block = in.u8(at);
      if (block == 0x21 && in.has(at, 3)) {
        at = afterSubBlocks(in, at + 2);
      } else if (block == 0x2C && in.has(at, 11)) {
        width = Math.max(width, in.littleU16(at + 1) + in.littleU16(at + 5));
        height = Math.max(height, in.littleU16(at + 3) + in.littleU16(at + 7));
        frames++;
        at = afterSubBlocks(in, at + 11 + palette(in.u8(at + 9)));
      } else {
        // The trailer, or garbage that decoders take for the end.
        break;
      }
    }
    if (frames == 0) {
      throw invalid("Invalid GIF: no frame");
    }
    if (width == 0 || height == 0) {
      throw invalid("Invalid GIF: a side of 0 pixels");
    }
    return new Probed(
        MediaType.GIF, new Dimensions(width, height), frames, Orientation.UPRIGHT, false);
  }

  private static int palette(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static long afterSubBlocks(HeaderBytes in, long start)
      throws IOException, MediaException {
    long at = start;
    while (in.has(at, 1)) {
      int length = in.u8(at);
      at += 1L + length;
      if (length == 0) {
        return at;
      }
    }
    return at;
  }
}
