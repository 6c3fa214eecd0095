package dev.pictj.process;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.media.Dimensions;
import java.util.Optional;

/**
 * The sizes that operations lead to, in whole numbers with truncation, so that 400×225 at 96 is
 * 96×54 and not one row less for a rounding error. Nothing enlarges, and no side becomes 0.
 */
final class Geometry {
  private Geometry() {}

  /** The largest size of the same shape inside a square; the same size when it fits already. */
  static Dimensions fit(Dimensions from, int side) {
    int width = from.width();
    int height = from.height();
    if (width <= side && height <= side) {
      return from;
    }
    if (width < height) {
      return new Dimensions(scaled(width, side, height), side);
    }
    return new Dimensions(side, scaled(height, side, width));
  }

  /** Shrinks to {@link #fit}; empty where a picture fits already. */
  static Optional<RenderStep> shrink(Dimensions from, int side, Quality quality) {
    Dimensions to = fit(from, side);
    return to.equals(from) ? Optional.empty() : Optional.of(new RenderStep.Shrink(to, quality));
  }

  private static int scaled(int length, int to, int of) {
    return (int) Math.max(1, (long) length * to / of);
  }

  /** The largest centred rectangle of the shape w:h. */
  static RenderStep.Crop crop(Dimensions from, int w, int h) {
    int width = from.width();
    int height = from.height();
    if ((long) w * height > (long) width * h) {
      int kept = (int) Math.max(1, (long) width * h / w);
      return new RenderStep.Crop(new Dimensions(width, kept), 0, (height - kept) / 2);
    }
    int kept = (int) Math.max(1, (long) height * w / h);
    return new RenderStep.Crop(new Dimensions(kept, height), (width - kept) / 2, 0);
  }
}
