package dev.pictj.engine.magick;

import dev.pictj.media.Dimensions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Gaussian blur at a cost that falls with sigma instead of rising.
 *
 * <p>A blur by sigma leaves no detail finer than about sigma, so the picture is first averaged down
 * by a whole factor, blurred by a sigma smaller by that factor, and brought back to its size.
 * Averaging and interpolating blur a little themselves: in shrunken pixels a box of one pixel adds
 * a variance of 1/12 and linear interpolation one of 1/6. Variances of blurs add up, so theirs,
 * together 1/4, is taken off the Gaussian's. 40 megapixels take about five seconds for a sigma
 * above 1.1; the plain way takes over 30 for a sigma of 4.
 */
final class BlurPlan {
  private static final double OWN_VARIANCE = 0.25;

  private static final long LARGE = 10_000_000;

  private BlurPlan() {}

  static List<String> of(double sigma, Dimensions size) {
    int factor = Math.max(1, (int) sigma);
    if (factor == 1 && sigma > 1.1 && size.area() > LARGE) {
      // Two full-size copies of a large picture spill to disk, which costs more than precision.
      factor = 2;
    }
    if (factor == 1) {
      return gaussian(sigma, size);
    }
    double shrunkSigma = Math.sqrt(Math.pow(sigma / factor, 2) - OWN_VARIANCE);
    Dimensions shrunk =
        new Dimensions(
            Math.max(1, Math.round((float) size.width() / factor)),
            Math.max(1, Math.round((float) size.height() / factor)));
    List<String> line = new ArrayList<>(List.of("-scale", shrunk + "!"));
    line.addAll(gaussian(shrunkSigma, shrunk));
    line.addAll(List.of("-filter", "Triangle", "-resize", size + "!"));
    return line;
  }

  /**
   * The same Gaussian as {@code -blur}, but read row by row, where that one walks the columns of a
   * large picture; and weighed by opacity, where that one lets the colour of what is invisible
   * darken the edges.
   */
  private static List<String> gaussian(double sigma, Dimensions size) {
    return List.of(
        "-filter",
        "Gaussian",
        "-define",
        "filter:sigma=" + decimal(sigma),
        "-define",
        "filter:support=" + decimal(Math.max(1, 3 * sigma)),
        "-resize",
        size + "!",
        "+define",
        "filter:sigma",
        "+define",
        "filter:support");
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.4f", number);
  }
}
