package dev.pictj.engine.preview;

import java.util.Arrays;

/**
 * A hash of 64 bits, of which pictures that look alike share most: copies of other sizes, formats
 * and qualities differ in a few bits, unrelated pictures in 32 on average.
 *
 * <p>A bit stands for one of the 64 lowest frequencies of the cosine transform of the luma (BT.601,
 * of sRGB numbers on white), the mean left out: those of 1 to 9 half periods across and down
 * together, and ten of those of 10, ordered by that sum and then by those down. It is 1 where the
 * amplitude is above the median of all. Amplitudes are rounded to eighths of a grey level before,
 * so that what a picture does not have is no noise: a plain picture, of whatever colour, is 0.
 */
final class PerceptualHash {
  private static final int BITS = 64;

  /** Half periods across and down together. */
  private static final int MAX_HALF_PERIODS = 10;

  private static final int STEPS_A_LEVEL = 8;

  private final int width;
  private final int height;
  private final double[] luma;

  private PerceptualHash(TinyPicture picture) {
    this.width = picture.width();
    this.height = picture.height();
    this.luma = new double[width * height];
    for (int i = 0; i < luma.length; i++) {
      int argb = picture.argb(i);
      int alpha = argb >>> 24;
      double full =
          0.299 * (argb >> 16 & 0xFF) + 0.587 * (argb >> 8 & 0xFF) + 0.114 * (argb & 0xFF);
      luma[i] = (full * alpha + 255.0 * (255 - alpha)) / 255;
    }
  }

  /** In 16 hexadecimal digits, the lowest frequency first. */
  static String of(TinyPicture picture) {
    return "%016x".formatted(new PerceptualHash(picture).bits());
  }

  private long bits() {
    double[][] across = waves(width);
    double[][] down = waves(height);
    double[][] rows = new double[MAX_HALF_PERIODS + 1][height];
    for (int u = 0; u <= MAX_HALF_PERIODS; u++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          rows[u][y] += luma[y * width + x] * across[u][x];
        }
      }
    }
    long[] amplitudes = new long[BITS];
    int count = 0;
    for (int sum = 1; sum <= MAX_HALF_PERIODS; sum++) {
      for (int v = 0; v <= sum && count < BITS; v++) {
        double amplitude = 0;
        for (int y = 0; y < height; y++) {
          amplitude += rows[sum - v][y] * down[v][y];
        }
        amplitudes[count++] = Math.round(STEPS_A_LEVEL * amplitude / luma.length);
      }
    }
    long[] ordered = amplitudes.clone();
    Arrays.sort(ordered);
    long bits = 0;
    for (long amplitude : amplitudes) {
      bits = bits << 1 | (amplitude > ordered[BITS / 2] ? 1 : 0);
    }
    return bits;
  }

  /** The cosines for a side; a side of few pixels has no more frequencies, and the rest are 0. */
  private static double[][] waves(int side) {
    double[][] waves = new double[MAX_HALF_PERIODS + 1][side];
    for (int halfPeriods = 0; halfPeriods < Math.min(side, MAX_HALF_PERIODS + 1); halfPeriods++) {
      for (int i = 0; i < side; i++) {
        waves[halfPeriods][i] = Math.cos(Math.PI * halfPeriods * (i + 0.5) / side);
      }
    }
    return waves;
  }
}
