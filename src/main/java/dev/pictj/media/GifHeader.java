package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the blocks of a GIF without unpacking pixels. Browsers enlarge the screen for its first
 * frame; of later ones they show what is within that.
 */
final class GifHeader {
  /** Counting ends here, which is far beyond any limit on frames. */
  private static final int MAX_COUNTED_FRAMES = 100_000;

  private final List<Integer> delays = new ArrayList<>();
  private int width;
  private int height;
  private int right;
  private int bottom;
  private boolean cut;

  private GifHeader() {}

  static Probed read(ByteSource in) throws IOException, MediaException {
    GifHeader header = new GifHeader();
    header.walk(in);
    Dimensions canvas = new Dimensions(header.width, header.height);
    Dimensions whole = new Dimensions(header.right, header.bottom);
    Probed probed =
        new Probed(MediaType.GIF, canvas, header.delays.size(), Orientation.UPRIGHT, false);
    return whole.equals(canvas) ? probed : probed.reaching(whole);
  }

  /** How long each frame says that it is shown, in hundredths of a second. */
  static List<Integer> delays(ByteSource in) throws IOException, MediaException {
    GifHeader header = new GifHeader();
    header.walk(in);
    return header.delays;
  }

  private void walk(ByteSource in) throws IOException, MediaException {
    right = in.littleU16(6);
    bottom = in.littleU16(8);
    int delay = 0;
    GifBlocks blocks = new GifBlocks(in);
    while (delays.size() < MAX_COUNTED_FRAMES && blocks.next()) {
      if (blocks.isControl()) {
        delay = blocks.delay();
      } else if (blocks.isFrame()) {
        right = Math.max(right, blocks.x() + blocks.width());
        bottom = Math.max(bottom, blocks.y() + blocks.height());
        width = delays.isEmpty() ? right : width;
        height = delays.isEmpty() ? bottom : height;
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
    // A decoder fails where the pixels of a single frame are cut off. Of several frames it leaves
    // out the one that is cut off, so that has to be seen here.
    if (cut && delays.size() > 1) {
      throw invalid("Invalid GIF: the file ends within a frame");
    }
  }
}
