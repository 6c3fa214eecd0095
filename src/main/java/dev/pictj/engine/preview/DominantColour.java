package dev.pictj.engine.preview;

/**
 * The colour that most of a picture has, or comes near to.
 *
 * <p>Pixels are counted in a grid over <a
 * href="https://bottosson.github.io/posts/oklab/">Oklab</a>, in which equal distances look equally
 * large, each as much as it is opaque. A pixel counts for the eight points around it, for the
 * nearer ones more, so that no border between two cells splits a colour. The answer is the mean of
 * what counts for the point that most counts for, and not the point: a picture of one colour has
 * exactly that. What is transparent everywhere is white.
 */
final class DominantColour {
  /** Points a unit of lightness, of green to red and of blue to yellow. */
  private static final int POINTS_PER_LIGHTNESS = 10;

  private static final int POINTS_PER_CHROMA = 20;

  /** No colour of sRGB is further from grey, either way. */
  private static final double MAX_CHROMA = 0.35;

  private static final int LIGHTNESS_POINTS = POINTS_PER_LIGHTNESS + 2;
  private static final int CHROMA_POINTS = (int) (2 * MAX_CHROMA * POINTS_PER_CHROMA) + 2;

  /** The weight of each point, and the weighted sums of three coordinates. */
  private final double[][] points = new double[LIGHTNESS_POINTS * CHROMA_POINTS * CHROMA_POINTS][];

  private DominantColour() {}

  /** The colour of a picture, written as {@code #rrggbb}. */
  static String of(TinyPicture picture) {
    DominantColour counted = new DominantColour();
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int argb = picture.argb(i);
      if (argb >>> 24 > 0) {
        counted.add(oklab(argb), (argb >>> 24) / 255.0);
      }
    }
    return "#%06x".formatted(counted.most());
  }

  private void add(double[] colour, double weight) {
    double[] place = {
      colour[0] * POINTS_PER_LIGHTNESS,
      (colour[1] + MAX_CHROMA) * POINTS_PER_CHROMA,
      (colour[2] + MAX_CHROMA) * POINTS_PER_CHROMA
    };
    for (int corner = 0; corner < 8; corner++) {
      int index = 0;
      double share = weight;
      for (int axis = 0; axis < 3; axis++) {
        int below = (int) place[axis];
        int upper = corner >> axis & 1;
        double within = place[axis] - below;
        share *= upper == 1 ? within : 1 - within;
        index = index * CHROMA_POINTS + below + upper;
      }
      if (share > 0) {
        double[] point = points[index] == null ? new double[4] : points[index];
        points[index] = point;
        point[0] += share;
        for (int axis = 0; axis < 3; axis++) {
          point[axis + 1] += share * colour[axis];
        }
      }
    }
  }

  private int most() {
    double[] most = null;
    for (double[] point : points) {
      if (point != null && (most == null || point[0] > most[0])) {
        most = point;
      }
    }
    return most == null ? 0xFFFFFF : srgb(most[1] / most[0], most[2] / most[0], most[3] / most[0]);
  }

  private static double[] oklab(int argb) {
    double red = toLight((argb >> 16 & 0xFF) / 255.0);
    double green = toLight((argb >> 8 & 0xFF) / 255.0);
    double blue = toLight((argb & 0xFF) / 255.0);
    double l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    double m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    double s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return new double[] {
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    };
  }

  private static int srgb(double lightness, double a, double b) {
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return toSrgb(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16
        | toSrgb(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8
        | toSrgb(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
  }

  private static double cube(double number) {
    return number * number * number;
  }

  /** IEC 61966-2-1. */
  static double toLight(double srgb) {
    return srgb <= 0.04045 ? srgb / 12.92 : Math.pow((srgb + 0.055) / 1.055, 2.4);
  }

  /** IEC 61966-2-1, in a byte. */
  static int toSrgb(double light) {
    double within = Math.clamp(light, 0.0, 1.0);
    double srgb = within <= 0.0031308 ? within * 12.92 : 1.055 * Math.pow(within, 1 / 2.4) - 0.055;
    return (int) (srgb * 255 + 0.5);
  }
}
