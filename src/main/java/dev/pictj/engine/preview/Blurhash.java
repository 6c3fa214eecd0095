package dev.pictj.engine.preview;

/**
 * The blurhash of a picture: the lowest frequencies of its linear red, green and blue, in a text
 * (<a href="https://github.com/woltapp/blurhash/blob/master/Algorithm.md">the algorithm</a>).
 *
 * <p>What is transparent is seen on white, as in a JPEG.
 */
final class Blurhash {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

  /** Components, which are frequencies, of the shorter side, and the most of the longer side. */
  private static final int COMPONENTS = 3;

  private static final int MAX_COMPONENTS = 6;

  /** What an amplitude may be, in steps of 1/166, and its 19 levels of either sign. */
  private static final double AMPLITUDE_STEPS = 166;

  private static final int MAX_AMPLITUDE = 82;
  private static final int LEVELS = 9;

  private final TinyPicture picture;
  private final double[] light;

  private Blurhash(TinyPicture picture) {
    this.picture = picture;
    this.light = light(picture);
  }

  /** The blurhash with as many frequencies across and down as suit the shape of the picture. */
  static String of(TinyPicture picture) {
    int width = picture.width();
    int height = picture.height();
    int longer =
        (int) Math.round((double) COMPONENTS * Math.max(width, height) / Math.min(width, height));
    longer = Math.min(MAX_COMPONENTS, longer);
    return width >= height ? of(picture, longer, COMPONENTS) : of(picture, COMPONENTS, longer);
  }

  /**
   * The blurhash with so many frequencies.
   *
   * @param across 1 to 9
   * @param down 1 to 9
   */
  static String of(TinyPicture picture, int across, int down) {
    return new Blurhash(picture).text(across, down);
  }

  private String text(int across, int down) {
    double[][] waves = new double[across * down][];
    double most = 0;
    for (int i = 0; i < waves.length; i++) {
      waves[i] = wave(i % across, i / across);
      for (double amplitude : waves[i]) {
        most = i == 0 ? 0 : Math.max(most, Math.abs(amplitude));
      }
    }
    StringBuilder text = new StringBuilder();
    append(text, across - 1 + (down - 1) * 9, 1);
    int scale = Math.clamp((long) Math.floor(most * AMPLITUDE_STEPS - 0.5), 0, MAX_AMPLITUDE);
    append(text, scale, 1);
    append(text, mean(waves[0]), 4);
    for (int i = 1; i < waves.length; i++) {
      append(text, levels(waves[i], (scale + 1) / AMPLITUDE_STEPS), 2);
    }
    return text.toString();
  }

  /** How much of each colour there is of a wave with so many half periods across and down. */
  private double[] wave(int across, int down) {
    double[] sums = new double[3];
    for (int y = 0; y < picture.height(); y++) {
      double vertical = Math.cos(Math.PI * down * y / picture.height());
      for (int x = 0; x < picture.width(); x++) {
        double basis = vertical * Math.cos(Math.PI * across * x / picture.width());
        int at = 3 * (y * picture.width() + x);
        for (int colour = 0; colour < 3; colour++) {
          sums[colour] += basis * light[at + colour];
        }
      }
    }
    double scale = (across == 0 && down == 0 ? 1.0 : 2.0) / (picture.width() * picture.height());
    for (int colour = 0; colour < 3; colour++) {
      sums[colour] *= scale;
    }
    return sums;
  }

  private static int mean(double... light) {
    int rgb = 0;
    for (double one : light) {
      rgb = rgb << 8 | DominantColour.toSrgb(one);
    }
    return rgb;
  }

  private static int levels(double[] amplitudes, double most) {
    int levels = 0;
    for (double amplitude : amplitudes) {
      double root = Math.copySign(Math.sqrt(Math.abs(amplitude) / most), amplitude);
      int level = Math.clamp((long) Math.floor(root * LEVELS + LEVELS + 0.5), 0, 2 * LEVELS);
      levels = levels * (2 * LEVELS + 1) + level;
    }
    return levels;
  }

  private static void append(StringBuilder text, int number, int digits) {
    int unit = (int) Math.pow(DIGITS.length(), digits - 1);
    for (int i = 0; i < digits; i++, unit /= DIGITS.length()) {
      text.append(DIGITS.charAt(number / unit % DIGITS.length()));
    }
  }

  /** Red, green and blue of each pixel, from 0 to 1. */
  private static double[] light(TinyPicture picture) {
    double[] light = new double[3 * picture.width() * picture.height()];
    for (int i = 0; i < light.length / 3; i++) {
      int argb = picture.argb(i);
      int alpha = argb >>> 24;
      for (int colour = 0; colour < 3; colour++) {
        int number = argb >> (16 - 8 * colour) & 0xFF;
        light[3 * i + colour] =
            DominantColour.toLight((number * alpha + 255.0 * (255 - alpha)) / (255.0 * 255));
      }
    }
    return light;
  }
}
