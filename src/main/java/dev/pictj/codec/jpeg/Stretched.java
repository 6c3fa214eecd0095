package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;

/**
 * A chroma plane stretched to the size of the luma plane, by repeating samples. They are not
 * interpolated: the picture is shrunk afterwards, and would lose more contrast.
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
   * @param luma the luma component
   * @param size of the part of luma that is shown
   */
  Stretched(Component chroma, Component luma, Dimensions size) {
    samples = chroma.samples();
    stride = chroma.stride();
    twiceWide = luma.stride() > chroma.stride();
    twiceHigh = luma.rows() > chroma.rows();
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
