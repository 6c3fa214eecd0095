package dev.pictj.engine.metadata;

import java.util.Arrays;
import java.util.Optional;

/**
 * The primaries of a colour space as a matrix from red, green and blue to X, Y and Z, adapted to
 * the white of ICC profiles (D50, by Bradford's matrix: ICC.1:2022, annex E).
 */
final class Primaries {
  /** The white of ICC profiles (ICC.1:2022, 7.2.16). */
  private static final double[] D50 = {0.9642, 1, 0.8249};

  private static final double[][] BRADFORD = {
    {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
  };

  /** IEC 61966-2-1: x and y of white, red, green and blue. */
  private static final double[] SRGB_POINTS = {0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06};

  static final Primaries SRGB = new Primaries(matrix(SRGB_POINTS), true);

  /** Chromaticities that differ by less count as equal: many programs write two decimals. */
  private static final double TOLERANCE = 0.01;

  private static final double MAX_VALUE = 4;

  private final double[][] matrix;
  private final boolean srgb;

  private Primaries(double[][] matrix, boolean srgb) {
    this.matrix = matrix;
    this.srgb = srgb;
  }

  /**
   * Computes the matrix of primaries from their chromaticities.
   *
   * @param points x and y of white, red, green and blue
   * @return those of sRGB where they are those, or make no sense
   */
  static Primaries of(double... points) {
    boolean usual = true;
    for (int i = 0; i < points.length; i++) {
      usual &= Math.abs(points[i] - SRGB_POINTS[i]) <= TOLERANCE;
    }
    if (usual) {
      return SRGB;
    }
    double[][] matrix = matrix(points);
    return isSensible(matrix) ? new Primaries(matrix, false) : SRGB;
  }

  /**
   * Looks primaries up by their number in ITU-T H.273, table 2.
   *
   * @return empty where it is none
   */
  static Optional<Primaries> numbered(int number) {
    return Optional.ofNullable(
        switch (number) {
          case 1 -> SRGB;
          case 4 -> of(0.31, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08);
          case 5 -> of(0.3127, 0.329, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06);
          case 6, 7 -> of(0.3127, 0.329, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07);
          case 8 -> of(0.31, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049);
          case 9 -> of(0.3127, 0.329, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046);
          case 11 -> of(0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06);
          case 12 -> of(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06);
          case 22 -> of(0.3127, 0.329, 0.63, 0.34, 0.295, 0.605, 0.155, 0.077);
          default -> null;
        });
  }

  /** Whether they are sRGB's, or near enough. */
  boolean areSrgb() {
    return srgb;
  }

  /** Whether all of their colours are among sRGB's, so that none is lost when they become those. */
  boolean areWithinSrgb() {
    for (double[] row : times(inverse(SRGB.matrix), matrix)) {
      for (double value : row) {
        if (value < -TOLERANCE) {
          return false;
        }
      }
    }
    return true;
  }

  /** X, Y and Z of red, of green or of blue. */
  double[] column(int index) {
    return new double[] {matrix[0][index], matrix[1][index], matrix[2][index]};
  }

  private static boolean isSensible(double[][] matrix) {
    return Arrays.stream(matrix)
            .flatMapToDouble(Arrays::stream)
            .allMatch(value -> Math.abs(value) < MAX_VALUE)
        && Arrays.stream(matrix[1]).allMatch(brightness -> brightness > 0);
  }

  private static double[][] matrix(double[] points) {
    double[][] unscaled = new double[3][3];
    for (int i = 0; i < 3; i++) {
      double[] xyz = xyz(points[2 + 2 * i], points[3 + 2 * i]);
      for (int row = 0; row < 3; row++) {
        unscaled[row][i] = xyz[row];
      }
    }
    double[] white = xyz(points[0], points[1]);
    double[][] scaled = times(unscaled, diagonal(times(inverse(unscaled), white)));
    double[] from = times(BRADFORD, white);
    double[] to = times(BRADFORD, D50);
    double[] gain = {to[0] / from[0], to[1] / from[1], to[2] / from[2]};
    return times(times(inverse(BRADFORD), times(diagonal(gain), BRADFORD)), scaled);
  }

  private static double[] xyz(double x, double y) {
    return new double[] {x / y, 1, (1 - x - y) / y};
  }

  private static double[][] diagonal(double[] values) {
    return new double[][] {{values[0], 0, 0}, {0, values[1], 0}, {0, 0, values[2]}};
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        product[i] += matrix[i][j] * vector[j];
      }
    }
    return product;
  }

  private static double[][] times(double[][] left, double[][] right) {
    double[][] product = new double[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 3; k++) {
          product[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }

  /** Inverts a matrix by cofactors; a singular one gives infinite values, or NaN. */
  private static double[][] inverse(double[][] m) {
    double[][] inverse = new double[3][3];
    double determinant = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        int a = (j + 1) % 3;
        int b = (j + 2) % 3;
        int c = (i + 1) % 3;
        int d = (i + 2) % 3;
        inverse[i][j] = m[a][c] * m[b][d] - m[a][d] * m[b][c];
      }
      determinant += m[0][i] * inverse[i][0];
    }
    for (double[] row : inverse) {
      for (int j = 0; j < 3; j++) {
        row[j] /= determinant;
      }
    }
    return inverse;
  }
}
