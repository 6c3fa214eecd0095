package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;

/**
 * A plane of colour as large as that of brightness: each sample again for all that it stands for.
 * What is shrunk afterwards anyway is duller when it is interpolated first.
 */
final class Stretched {
  private final byte[] samples;
  private final int stride;
  private final int wide;
  private final boolean twiceWide;
  private final boolean twiceHigh;
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
    row = new byte[2 * wide];
  }

  /** A row, which stays until the next one is asked for. */
  byte[] row(int number) {
    int from = (twiceHigh ? number >> 1 : number) * stride;
    if (twiceWide) {
      for (int i = 0; i < wide; i++) {
        row[2 * i] = samples[from + i];
        row[2 * i + 1] = samples[from + i];
      }
    } else {
      System.arraycopy(samples, from, row, 0, wide);
    }
    return row;
  }
}
