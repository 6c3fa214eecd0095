package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the blocks of a GIF without unpacking pixels. Decoders enlarge the canvas for a frame that
 * exceeds it, so the size is that of screen and frames together.
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
    GifBlocks blocks = new GifBlocks(in);
    while (delays.size() < MAX_COUNTED_FRAMES && blocks.next()) {
      if (blocks.isControl()) {
        delay = blocks.delay();
      } else if (blocks.isFrame()) {
        width = Math.max(width, blocks.x() + blocks.width());
        height = Math.max(height, blocks.y() + blocks.height());
        delays.add(delay);
        delay = 0;
        cut = blocks.isCut();
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
}
