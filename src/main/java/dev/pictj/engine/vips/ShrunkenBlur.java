package dev.pictj.engine.vips;

import dev.pictj.media.Dimensions;

/**
 * How a picture is blurred, as the reference engine does it: a sigma of 2 or more leaves nothing
 * finer than that, so the work is done on a copy smaller by a whole factor. The copying down and up
 * blurs too; in shrunken pixels a triangle down adds a variance of 1/6, as does one up, together
 * 1/3, which is taken off the Gaussian's.
 *
 * @param size to work on
 * @param sigma to work with
 */
record ShrunkenBlur(Dimensions size, double sigma) {
  private static final double OWN_VARIANCE = 1.0 / 3;

  private static final long LARGE = 10_000_000;

  static ShrunkenBlur of(double sigma, Dimensions size) {
    int factor = Math.max(1, (int) sigma);
    if (factor == 1 && sigma > 1.1 && size.area() > LARGE) {
      factor = 2;
    }
    if (factor == 1) {
      return new ShrunkenBlur(size, sigma);
    }
    return new ShrunkenBlur(
        new Dimensions(
            Math.max(1, Math.round((float) size.width() / factor)),
            Math.max(1, Math.round((float) size.height() / factor))),
        Math.sqrt(Math.max(0.04, Math.pow(sigma / factor, 2) - OWN_VARIANCE)));
  }
}
