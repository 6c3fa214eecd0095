package dev.pictj.pictures;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * One component of a {@link CodedJpeg}: its quantised coefficients in zigzag order, block by block.
 *
 * @param width of its samples
 * @param wide how many blocks are side by side, with those that fill up an MCU
 * @param high how many are on top of one another, likewise
 * @param steps of its quantisation
 */
record CodedPlane(
    int horizontal,
    int vertical,
    int width,
    int height,
    int wide,
    int high,
    int[] steps,
    int[][] blocks) {

  /** As a picture's only component, with all that fills up MCUs. */
  CodedPlane alone() {
    return new CodedPlane(1, 1, 8 * wide, 8 * high, wide, high, steps, blocks);
  }

  static List<CodedPlane> of(BufferedImage image, int step, int[] sampling) {
    int mostHorizontal = 1;
    int mostVertical = 1;
    for (int i = 0; i < sampling.length; i += 2) {
      mostHorizontal = Math.max(mostHorizontal, sampling[i]);
      mostVertical = Math.max(mostVertical, sampling[i + 1]);
    }
    List<CodedPlane> planes = new ArrayList<>();
    for (int i = 0; i < sampling.length; i += 2) {
      int across = mostHorizontal / sampling[i];
      int down = mostVertical / sampling[i + 1];
      int width = ceil(image.getWidth() * sampling[i], mostHorizontal);
      int height = ceil(image.getHeight() * sampling[i + 1], mostVertical);
      int wide = ceil(image.getWidth(), 8 * mostHorizontal) * sampling[i];
      int high = ceil(image.getHeight(), 8 * mostVertical) * sampling[i + 1];
      int[] steps = steps(step * (i == 0 ? 1 : 2));
      int[][] blocks = new int[wide * high][];
      for (int block = 0; block < blocks.length; block++) {
        double[] samples = new double[64];
        for (int j = 0; j < 64; j++) {
          int x = Math.min(block % wide * 8 + j % 8, width - 1);
          int y = Math.min(block / wide * 8 + j / 8, height - 1);
          samples[j] = mean(image, i / 2, x * across, y * down, across, down);
        }
        blocks[block] = quantised(Cosines.forward(samples), steps);
      }
      planes.add(
          new CodedPlane(sampling[i], sampling[i + 1], width, height, wide, high, steps, blocks));
    }
    return planes;
  }

  private static int ceil(int number, int divisor) {
    return (number + divisor - 1) / divisor;
  }

  private static int[] steps(int step) {
    int[] steps = new int[64];
    for (int i = 0; i < 64; i++) {
      steps[i] = Math.min(255, step * (1 + i / 8));
    }
    return steps;
  }

  private static int[] quantised(double[] coefficients, int[] steps) {
    int[] numbers = new int[64];
    for (int i = 0; i < 64; i++) {
      // What is beyond the range that codes have is of no interest (tables F.1 and F.2).
      numbers[i] = Math.clamp(Math.round(coefficients[Cosines.zigzag(i)] / steps[i]), -1023, 1023);
    }
    return numbers;
  }

  private static double mean(BufferedImage image, int plane, int x, int y, int across, int down) {
    double sum = 0;
    for (int i = 0; i < across * down; i++) {
      int pixel =
          image.getRGB(
              Math.min(x + i % across, image.getWidth() - 1),
              Math.min(y + i / across, image.getHeight() - 1));
      int red = pixel >> 16 & 255;
      int green = pixel >> 8 & 255;
      int blue = pixel & 255;
      double light = 0.299 * red + 0.587 * green + 0.114 * blue;
      sum +=
          switch (plane) {
            case 0 -> light - 128;
            case 1 -> (blue - light) / 1.772;
            default -> (red - light) / 1.402;
          };
    }
    return sum / (across * down);
  }
}
