package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the blocks of a GIF (GIF89a specification, 1990) without unpacking pixels. Decoders enlarge
 * the canvas for a frame that exceeds it, so the size is that of screen and frames together.
 */
final class GifHeader {
  /** Far beyond any limit on frames; counting further would only cost time. */
  private static final int MAX_COUNTED_FRAMES = 100_000;

  private final List<Integer> delays = new ArrayList<>();
  private int width;
  private int height;
  private boolean cut;

  private GifHeader() {}

  static Probed read(ByteSource in) throws IOException, MediaException {
    GifHeader header = new GifHeader();
    header.walk(in);
    return new Probed(
        MediaType.GIF,
        new Dimensions(header.width, header.height),
        header.delays.size(),
        Orientation.UPRIGHT,
        false);
  }

  /** How long each frame says that it is shown, in hundredths of a second. */
  static List<Integer> delays(ByteSource in) throws IOException, MediaException {
    GifHeader header = new GifHeader();
    header.walk(in);
    return header.delays;
  }

  private void walk(ByteSource in) throws IOException, MediaException {
    width = in.littleU16(6);
    height = in.littleU16(8);
    int delay = 0;
    long at = 13L + palette(in.u8(10));
    while (delays.size() < MAX_COUNTED_FRAMES && in.has(at, 1)) {
      int block = in.u8(at);
      if (block == 0x21 && in.has(at, 3)) {
        if (in.u8(at + 1) == 0xF9 && in.u8(at + 2) >= 4 && in.has(at, 7)) {
          delay = in.littleU16(at + 4);
        }
        at = Math.abs(afterSubBlocks(in, at + 2));
      } else if (block == 0x2C && in.has(at, 11)) {
        width = Math.max(width, in.littleU16(at + 1) + in.littleU16(at + 5));
        height = Math.max(height, in.littleU16(at + 3) + in.littleU16(at + 7));
        delays.add(delay);
        delay = 0;
        long end = afterSubBlocks(in, at + 11 + palette(in.u8(at + 9)));
        cut = end < 0;
        at = Math.abs(end);
      } else {
        // The trailer, or garbage that decoders take for the end.
        break;
      }
    }
    if (delays.isEmpty()) {
      throw invalid("Invalid GIF: no frame");
    }
    if (width == 0 || height == 0) {
      throw invalid("Invalid GIF: a side of 0 pixels");
    }
    // Of a single frame a decoder tells whether its pixels are all there; of more it leaves some
    // out.
    if (cut && delays.size() > 1) {
      throw invalid("Invalid GIF: the file ends within a frame");
    }
  }

  private static int palette(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /** Where they end; negative where the file ends before them. */
  private static long afterSubBlocks(ByteSource in, long start) throws IOException, MediaException {
    long at = start;
    while (in.has(at, 1)) {
      int length = in.u8(at);
      at += 1L + length;
      if (length == 0) {
        return at;
      }
    }
    return -at;
  }
}
