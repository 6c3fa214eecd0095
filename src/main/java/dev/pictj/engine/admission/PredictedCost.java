package dev.pictj.engine.admission;

import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;

/** What a job will probably hold in memory, in bytes, judged by the header. */
final class PredictedCost {
  /** Four channels of 16 bits, as ImageMagick keeps them; once for the source, once for a copy. */
  private static final long STILL_BYTES_PER_PIXEL = 16;

  /** Three bytes a pixel, with the reference frames and the look-ahead of the encoder. */
  private static final long VIDEO_BYTES_PER_PIXEL = 3 * 40L;

  private PredictedCost() {}

  static long still(Probed probed) {
    long frames = probed.type() == MediaType.WEBP ? probed.frames() : 1;
    return probed.dimensions().area() * STILL_BYTES_PER_PIXEL * Math.max(1, frames);
  }

  static long video(Probed probed) {
    return probed.dimensions().area() * VIDEO_BYTES_PER_PIXEL;
  }
}
