package dev.pictj.process;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;

/**
 * The sizes that operations lead to, in whole numbers, so that 400×225 at 96 is 96×54 and not one
 * row less for a rounding error. Nothing enlarges, and no side becomes 0.
 */
final class Geometry {
  private Geometry() {}

  /**
   * The largest size of the same shape inside a square; the same size when it fits already.
   *
   * @param side of the square, at least 1
   */
  static Dimensions fit(Dimensions from, int side, Rounding rounding) {
    int width = from.width();
    int height = from.height();
    if (width <= side && height <= side) {
      return from;
    }
    if (width < height) {
      return new Dimensions(scaled(width, side, height, rounding), side);
    }
    return new Dimensions(side, scaled(height, side, width, rounding));
  }

  private static int scaled(int length, int to, int of, Rounding rounding) {
    long half = rounding == Rounding.NEAREST ? of / 2 : 0;
    return (int) Math.max(1, ((long) length * to + half) / of);
  }

  /** The largest size of the same shape with no more pixels; the same size when it has no more. */
  static Dimensions fitArea(Dimensions from, long area, Rounding rounding) {
    if (from.area() <= area) {
      return from;
    }
    double factor = Math.sqrt((double) area / from.area());
    double half = rounding == Rounding.NEAREST ? 0.5 : 0;
    return new Dimensions(
        (int) Math.max(1, factor * from.width() + half),
        (int) Math.max(1, factor * from.height() + half));
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
