package dev.pictj.pictures;

/** The transform of ITU-T T.81, annex A.3.3, by its definition. */
public final class Cosines {
  private static final int[] PLACES = places();
  private static final double[][][] WAVES = new double[9][][];

  static {
    for (int side : new int[] {1, 2, 4, 8}) {
      WAVES[side] = new double[side][side];
      for (int frequency = 0; frequency < side; frequency++) {
        double scale = Math.sqrt((frequency == 0 ? 1.0 : 2.0) / side);
        for (int at = 0; at < side; at++) {
          WAVES[side][frequency][at] =
              scale * Math.cos((2 * at + 1) * frequency * Math.PI / (2 * side));
        }
      }
    }
  }

  private Cosines() {}

  /** Coefficients of 8 by 8 samples, both row by row. */
  public static double[] forward(double[] samples) {
    double[] coefficients = new double[64];
    for (int i = 0; i < 64; i++) {
      double sum = 0;
      for (int j = 0; j < 64; j++) {
        sum += samples[j] * wave(8, i % 8, j % 8) * wave(8, i / 8, j / 8);
      }
      coefficients[i] = sum;
    }
    return coefficients;
  }

  /**
   * The picture of the lowest frequencies alone.
   *
   * @param coefficients of 8 by 8 samples
   * @param side of the result
   */
  public static double[] inverse(double[] coefficients, int side) {
    double[] samples = new double[side * side];
    for (int j = 0; j < samples.length; j++) {
      double sum = 0;
      for (int i = 0; i < samples.length; i++) {
        sum +=
            coefficients[i / side * 8 + i % side]
                * wave(side, i % side, j % side)
                * wave(side, i / side, j / side);
      }
      // A wave is as high as before, and has fewer samples.
      samples[j] = sum * side / 8;
    }
    return samples;
  }

  private static double wave(int side, int frequency, int at) {
    return WAVES[side][frequency][at];
  }

  /** Row by row, where the coefficient with this number in zigzag order is (figure A.6). */
  static int zigzag(int number) {
    return PLACES[number];
  }

  private static int[] places() {
    int[] places = new int[64];
    int x = 0;
    int y = 0;
    for (int i = 0; i < 64; i++) {
      places[i] = 8 * y + x;
      boolean up = (x + y) % 2 == 0;
      if (up && x == 7 || !up && y < 7 && x == 0) {
        y++;
      } else if (up && y == 0 || !up && y == 7) {
        x++;
      } else {
        x += up ? 1 : -1;
        y += up ? -1 : 1;
      }
    }
    return places;
  }
}
