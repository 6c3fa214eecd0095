package dev.pictj.fidelity;

import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.util.Optional;

/** What numbers in a file look like: the colours of sRGB that a colour-managed viewer shows. */
@FunctionalInterface
interface Colours {
  /** As they are. */
  Colours SRGB = channels -> channels.length == 1 ? grey(channels[0]) : channels;

  /** Three channels from 0 to 1, of one, three or four that are. */
  double[] shown(double[] channels);

  private static double[] grey(double value) {
    return new double[] {value, value, value};
  }

  /**
   * By an ICC profile, as the JDK's colour management reads it. One that is for other channels than
   * there are is passed over, as browsers do.
   */
  static Colours of(Optional<byte[]> profile, int channels) {
    if (profile.isEmpty()) {
      return SRGB;
    }
    ICC_Profile icc = ICC_Profile.getInstance(profile.get());
    if (icc.getNumComponents() != channels) {
      return SRGB;
    }
    ICC_ColorSpace space = new ICC_ColorSpace(icc);
    return values -> {
      float[] floats = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      float[] rgb = space.toRGB(floats);
      return new double[] {rgb[0], rgb[1], rgb[2]};
    };
  }

  /** By an exponent and primaries of red, green and blue (W3C PNG third edition, 11.3.2). */
  static Colours of(double exponent, double[] whiteAndPrimaries) {
    double[][] toSrgb =
        whiteAndPrimaries.length == 0
            ? new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
            : product(
                inverse(xyz(0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)),
                xyz(whiteAndPrimaries));
    return values -> {
      double[] rgb = SRGB.shown(values);
      double[] linear = new double[3];
      for (int i = 0; i < 3; i++) {
        linear[i] =
            exponent == 0
                ? rgb[i] <= 0.04045 ? rgb[i] / 12.92 : Math.pow((rgb[i] + 0.055) / 1.055, 2.4)
                : Math.pow(rgb[i], exponent);
      }
      double[] out = new double[3];
      for (int i = 0; i < 3; i++) {
        double light =
            toSrgb[i][0] * linear[0] + toSrgb[i][1] * linear[1] + toSrgb[i][2] * linear[2];
        double clipped = Math.clamp(light, 0, 1);
        out[i] =
            clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * Math.pow(clipped, 1 / 2.4) - 0.055;
      }
      return out;
    };
  }

  /** The matrix from linear light of these primaries to XYZ. */
  private static double[][] xyz(double... c) {
    double[][] primaries = new double[3][3];
    for (int i = 0; i < 3; i++) {
      double x = c[2 + 2 * i];
      double y = c[3 + 2 * i];
      primaries[0][i] = x / y;
      primaries[1][i] = 1;
      primaries[2][i] = (1 - x - y) / y;
    }
    double[] white = {c[0] / c[1], 1, (1 - c[0] - c[1]) / c[1]};
    double[][] inverse = inverse(primaries);
    for (int i = 0; i < 3; i++) {
      double scale = inverse[i][0] * white[0] + inverse[i][1] * white[1] + inverse[i][2] * white[2];
      for (int row = 0; row < 3; row++) {
        primaries[row][i] *= scale;
      }
    }
    return primaries;
  }

  private static double[][] inverse(double[][] m) {
    double[][] out = new double[3][3];
    double determinant = 0;
    for (int i = 0; i < 3; i++) {
      determinant += m[0][i] * minor(m, 0, i);
    }
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        out[j][i] = minor(m, i, j) / determinant;
      }
    }
    return out;
  }

  private static double minor(double[][] m, int row, int column) {
    int a = (row + 1) % 3;
    int b = (row + 2) % 3;
    int c = (column + 1) % 3;
    int d = (column + 2) % 3;
    return m[a][c] * m[b][d] - m[a][d] * m[b][c];
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] out = new double[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 3; k++) {
          out[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return out;
  }
}
