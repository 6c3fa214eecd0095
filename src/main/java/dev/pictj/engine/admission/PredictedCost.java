package dev.pictj.engine.admission;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.Samples;
import java.util.List;

/**
 * What a job will probably cost, judged by the header and by what is to be done. The weights are in
 * units of decoding a baseline JPEG, about 10 ns a pixel, and lie between what ImageMagick 6 and
 * libvips 8.14 took for the same noisy photograph; they need only be good enough to tell a
 * thumbnail from a conversion.
 */
final class PredictedCost {
  /** Four channels of 16 bits, as ImageMagick keeps them; once for the source, once for a copy. */
  private static final long BYTES_PER_PIXEL = 16;

  /** The coefficients of three components, which a progressive JPEG needs whole. */
  private static final long COEFFICIENT_BYTES_PER_PIXEL = 6;

  /** Three bytes a pixel, with the reference frames and the look-ahead of the encoder. */
  private static final long VIDEO_BYTES_PER_PIXEL = 3 * 40L;

  private static final long VIDEO_WORK_PER_PIXEL = 4;

  /** Decoding a progressive JPEG: ImageMagick 1.9 and libvips 2.7. */
  private static final long PROGRESSIVE_WORK = 3;

  /**
   * Decoding a frame, laying it on the canvas, and shrinking that: libwebp 0.5 where little changes
   * and 1.5 where all of it is noise.
   */
  private static final long FRAME_WORK = 2;

  private PredictedCost() {}

  /** What a decoder holds, which of stills that are cut is more than what is seen of them. */
  private static long held(Probed probed) {
    return probed.held().area();
  }

  /** Decoding every frame. */
  static JobCost verify(Probed probed) {
    long frames = frames(probed);
    return new JobCost(bytes(probed, frames), decoding(probed) * frames);
  }

  /** Decoding what the target can hold, the steps, and writing it. */
  static JobCost render(Probed probed, List<RenderStep> steps, MediaType target) {
    boolean animated = probed.type().keepsFramesIn(target);
    long frames = animated ? frames(probed) : 1;
    Dimensions current = probed.dimensions();
    long held = held(probed);
    long work = animated && frames > 1 ? FRAME_WORK * held : decoding(probed);
    if (animated && frames > 1) {
      // The whole canvas is held all the same.
      current = ShrinkOnLoad.least(steps, probed.orientation()).orElse(current);
    } else if (probed.type() == MediaType.JPEG) {
      // Where it is decoded at a fraction of its size, only the unpacking of bits is about all
      // pixels.
      Dimensions scaled = ShrinkOnLoad.least(steps, probed.orientation()).orElse(current);
      if (scaled.area() < held) {
        held = scaled.area();
        work = (probed.progressive() ? work : work / 4) + held;
        current = scaled;
      }
    }
    long copied = 0;
    for (RenderStep step : steps) {
      work += (long) step.work(current);
      current = step.after(current);
      copied = Math.max(copied, current.area());
    }
    work += target.encodingWork() * current.area();
    long bytes = BYTES_PER_PIXEL / 2 * (held + Math.max(copied, held)) + coefficients(probed);
    if (isTransparent(probed) && target.has(MediaType.Trait.COSTLY_ALPHA)) {
      // A copy in which is looked whether any pixel is, kept while it is written.
      bytes += BYTES_PER_PIXEL / 2 * current.area();
    }
    return new JobCost(bytes * frames, work * frames);
  }

  static JobCost video(Probed probed) {
    long area =
        Math.max(held(probed), probed.video().map(track -> track.coded().area()).orElse(0L));
    return new JobCost(area * VIDEO_BYTES_PER_PIXEL, area * frames(probed) * VIDEO_WORK_PER_PIXEL);
  }

  /** Whether pixels may be, as far as the header says it. */
  private static boolean isTransparent(Probed probed) {
    return probed
        .samples()
        .map(Samples::alpha)
        .orElseGet(() -> probed.type().has(MediaType.Trait.ALPHA));
  }

  private static long bytes(Probed probed, long frames) {
    return held(probed) * BYTES_PER_PIXEL * (holdsAll(probed) ? frames : 1) + coefficients(probed);
  }

  /** Frames of other animations are not held at the same time. */
  private static boolean holdsAll(Probed probed) {
    return probed.type() == MediaType.WEBP;
  }

  private static long coefficients(Probed probed) {
    return probed.progressive() ? probed.dimensions().area() * COEFFICIENT_BYTES_PER_PIXEL : 0;
  }

  private static long decoding(Probed probed) {
    long work = probed.progressive() ? PROGRESSIVE_WORK : probed.type().decodingWork();
    return held(probed) * work;
  }

  private static long frames(Probed probed) {
    return Math.max(1, probed.frames());
  }
}
