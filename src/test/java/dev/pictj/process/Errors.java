package dev.pictj.process;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * How far a shrunken picture is from the truth, which is computed here in floating point: for a
 * thumbnail the mean of the area that a pixel covers, for resize a Lanczos2 filter. In steps of
 * 255, of every channel, before a white background and, where there is transparency, before a black
 * one too.
 *
 * @param mean of all
 * @param high what one of a thousand is beyond
 */
record Errors(double mean, double high) {
  static Errors of(BufferedImage truth, RenderStep step, BufferedImage found) {
    int width = found.getWidth();
    int height = found.getHeight();
    boolean lanczos =
        step instanceof RenderStep.Shrink(Dimensions _, RenderStep.Quality quality)
            && quality == RenderStep.Quality.LANCZOS2;
    double[][] wanted = channels(truth);
    double[][] present = channels(found);
    if (!found.getColorModel().hasAlpha()) {
      // Whatever was transparent was laid on white.
      wanted = Arrays.copyOfRange(wanted, 3, 6);
      present = Arrays.copyOfRange(present, 3, 6);
    }
    double[] all = new double[wanted.length * width * height];
    for (int channel = 0; channel < wanted.length; channel++) {
      double[] rows = shrink(wanted[channel], truth.getWidth(), width, lanczos);
      // Across, and with both sides changed over, down.
      double[] ideal = shrink(rows, truth.getHeight(), height, lanczos);
      for (int i = 0; i < ideal.length; i++) {
        double value = Math.clamp(ideal[i], 0, 255);
        all[channel * ideal.length + i] = Math.abs(value - present[channel][i]);
      }
    }
    double mean = Arrays.stream(all).average().orElseThrow();
    Arrays.sort(all);
    return new Errors(mean, all[all.length - 1 - all.length / 1000]);
  }

  /** Row by row, three before black and three before white. */
  private static double[][] channels(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    double[][] channels = new double[6][pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      double alpha = (pixels[i] >>> 24) / 255.0;
      for (int channel = 0; channel < 3; channel++) {
        channels[channel][i] = (pixels[i] >> 8 * channel & 255) * alpha;
        channels[channel + 3][i] = channels[channel][i] + 255 * (1 - alpha);
      }
    }
    return channels;
  }

  /** Shrinks rows from one length to another, and makes columns of them. */
  private static double[] shrink(double[] rows, int from, int to, boolean lanczos) {
    int count = rows.length / from;
    double step = (double) from / to;
    double reach = step * (lanczos ? 2 : 0.5);
    double[] columns = new double[count * to];
    for (int x = 0; x < to; x++) {
      double centre = (x + 0.5) * step;
      int first = (int) Math.max(0, Math.floor(centre - reach));
      int last = (int) Math.min(from - 1, Math.ceil(centre + reach) - 1);
      double[] weights = new double[last - first + 1];
      double sum = 0;
      for (int i = first; i <= last; i++) {
        weights[i - first] =
            lanczos
                ? lanczos2((i + 0.5 - centre) / step)
                : Math.min(i + 1, centre + reach) - Math.max(i, centre - reach);
        sum += weights[i - first];
      }
      for (int row = 0; row < count; row++) {
        double value = 0;
        for (int i = first; i <= last; i++) {
          value += weights[i - first] * rows[row * from + i];
        }
        columns[x * count + row] = value / sum;
      }
    }
    return columns;
  }

  private static double lanczos2(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = Math.PI * x;
    return Math.abs(x) >= 2 ? 0 : 2 * Math.sin(angle) * Math.sin(angle / 2) / angle / angle;
  }
}
