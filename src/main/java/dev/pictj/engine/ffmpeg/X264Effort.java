package dev.pictj.engine.ffmpeg;

import java.util.ArrayList;
import java.util.List;

/**
 * How far x264 looks ahead and how many frames it compares with, which is what its memory is made
 * of: with the preset "fast" 170 bytes for each pixel of a frame, 6.7 GB for 40 megapixels, when
 * measured with ffmpeg 5.1. Frames that are looked ahead at cost 3 to 4 bytes a pixel each.
 *
 * @param lookAhead frames, 30 being the preset's own
 * @param frugal whether it must do without looking ahead and B-frames, with one thread and one
 *     reference, which is 43 bytes a pixel in all and gives larger files
 */
record X264Effort(int lookAhead, boolean frugal) {
  private static final int MAX_LOOK_AHEAD = 30;
  private static final int MIN_LOOK_AHEAD = 4;
  private static final long FRAME_BYTES_PER_PIXEL = 4;

  /** Decoding, filters, references and what two threads work on. */
  private static final long OTHER_BYTES_PER_PIXEL = 75;

  /**
   * What keeps a run at about a third of its memory as long as that is possible, since limits are
   * on address space, of which an allocator and libraries take their part.
   *
   * @param area pixels of a frame
   * @param memory bytes that the run may have
   */
  static X264Effort of(long area, long memory) {
    long perPixel = memory / 3 / Math.max(1, area);
    long frames = (perPixel - OTHER_BYTES_PER_PIXEL) / FRAME_BYTES_PER_PIXEL;
    boolean frugal = 2 * perPixel < OTHER_BYTES_PER_PIXEL + MIN_LOOK_AHEAD * FRAME_BYTES_PER_PIXEL;
    return new X264Effort(frugal ? 0 : Math.clamp(frames, MIN_LOOK_AHEAD, MAX_LOOK_AHEAD), frugal);
  }

  /**
   * The options of the encoder.
   *
   * @param threads that it may use
   */
  List<String> options(int threads) {
    List<String> options = new ArrayList<>(List.of("-rc-lookahead", Integer.toString(lookAhead)));
    options.addAll(List.of("-threads", Integer.toString(frugal ? 1 : threads)));
    if (frugal) {
      options.addAll(List.of("-bf", "0", "-refs", "1", "-weightp", "0", "-mbtree", "0"));
    }
    return options;
  }
}
