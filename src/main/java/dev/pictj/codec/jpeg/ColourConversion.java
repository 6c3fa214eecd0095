package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import java.util.List;

/**
 * Planes of samples as pixels: YCbCr as red, green and blue (ITU-T T.871, section 7), with 16 bits
 * of fraction as libjpeg has them.
 */
final class ColourConversion {
  private static final int FRACTION = 16;
  private static final int HALF = 1 << (FRACTION - 1);
  private static final int MIDDLE_SAMPLE = 128;

  private static final int RED_OF_CR = fixed(1.402);
  private static final int GREEN_OF_CB = fixed(0.34414);
  private static final int GREEN_OF_CR = fixed(0.71414);
  private static final int BLUE_OF_CB = fixed(1.772);

  private ColourConversion() {}

  private static int fixed(double factor) {
    return (int) Math.round(factor * (1 << FRACTION));
  }

  /** Pixels of the only plane of a grey picture. */
  static byte[] grey(Component grey, Dimensions size) {
    byte[] samples = new byte[size.width() * size.height()];
    for (int row = 0; row < size.height(); row++) {
      System.arraycopy(
          grey.samples(), row * grey.stride(), samples, row * size.width(), size.width());
    }
    return samples;
  }

  /** Y, Cb and Cr, the latter two as large as the first, or half as wide or high. */
  static byte[] rgb(List<Component> components, Dimensions size) {
    Component y = components.get(0);
    Stretched cb = new Stretched(components.get(1), y, size);
    Stretched cr = new Stretched(components.get(2), y, size);
    byte[] samples = new byte[3 * size.width() * size.height()];
    byte[] lights = y.samples();
    for (int row = 0; row < size.height(); row++) {
      byte[] blues = cb.row(row);
      byte[] reds = cr.row(row);
      int from = row * y.stride();
      int to = 3 * row * size.width();
      for (int column = 0; column < size.width(); column++) {
        int light = lights[from + column] & 0xFF;
        int blue = (blues[column] & 0xFF) - MIDDLE_SAMPLE;
        int red = (reds[column] & 0xFF) - MIDDLE_SAMPLE;
        samples[to] = sample(light + ((RED_OF_CR * red + HALF) >> FRACTION));
        samples[to + 1] =
            sample(light + ((HALF - GREEN_OF_CB * blue - GREEN_OF_CR * red) >> FRACTION));
        samples[to + 2] = sample(light + ((BLUE_OF_CB * blue + HALF) >> FRACTION));
        to += 3;
      }
    }
    return samples;
  }

  private static byte sample(int number) {
    return (byte) Math.min(Math.max(number, 0), 255);
  }
}
