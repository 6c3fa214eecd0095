package dev.pictj.engine.vips.jpeg;

import dev.pictj.media.Dimensions;

/**
 * A plane of colour as large as that of brightness. Its samples lie in the middle of those that
 * they stand for (ITU-T T.871, section 9), and between them it is linear.
 */
final class Stretched {
  private final byte[] samples;
  private final int stride;
  private final int wide;
  private final int high;
  private final boolean twiceWide;
  private final boolean twiceHigh;
  private final int[] blended;
  private final byte[] row;

  /**
   * The rows of a component.
   *
   * @param light the component that is of full size
   * @param size of what is shown of that
   */
  Stretched(Component colour, Component light, Dimensions size) {
    samples = colour.samples();
    stride = colour.stride();
    twiceWide = light.stride() > colour.stride();
    twiceHigh = light.rows() > colour.rows();
    wide = twiceWide ? (size.width() + 1) / 2 : size.width();
    high = twiceHigh ? (size.height() + 1) / 2 : size.height();
    blended = new int[wide];
    row = new byte[2 * wide];
  }

  /** A row, which stays until the next one is asked for. */
  byte[] row(int number) {
    int near = (twiceHigh ? number >> 1 : number) * stride;
    if (!twiceWide && !twiceHigh) {
      System.arraycopy(samples, near, row, 0, wide);
      return row;
    }
    int far = twiceHigh ? neighbour(number, high) * stride : near;
    for (int i = 0; i < wide; i++) {
      blended[i] = 3 * (samples[near + i] & 0xFF) + (samples[far + i] & 0xFF);
    }
    if (!twiceWide) {
      for (int i = 0; i < wide; i++) {
        row[i] = (byte) ((blended[i] + 2) >> 2);
      }
      return row;
    }
    int last = blended[0];
    for (int i = 0; i < wide; i++) {
      int here = blended[i];
      int next = blended[Math.min(i + 1, wide - 1)];
      row[2 * i] = (byte) ((3 * here + last + 8) >> 4);
      row[2 * i + 1] = (byte) ((3 * here + next + 8) >> 4);
      last = here;
    }
    return row;
  }

  /** The sample on the side of this half of one. */
  private static int neighbour(int number, int count) {
    int sample = number >> 1;
    return (number & 1) == 0 ? Math.max(sample - 1, 0) : Math.min(sample + 1, count - 1);
  }
}
