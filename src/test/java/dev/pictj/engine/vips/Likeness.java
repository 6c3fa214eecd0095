package dev.pictj.engine.vips;

import java.awt.image.BufferedImage;

/** How far two pictures are from one another. */
public final class Likeness {
  private Likeness() {}

  /**
   * The mean difference of all channels of all pixels, in steps of 255. Where both are invisible,
   * colour does not count.
   */
  public static double distance(BufferedImage one, BufferedImage other) {
    double sum = 0;
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        int a = one.getRGB(x, y);
        int b = other.getRGB(x, y);
        int alphaA = a >>> 24;
        int alphaB = b >>> 24;
        sum += Math.abs(alphaA - alphaB);
        for (int shift = 0; shift <= 16; shift += 8) {
          sum += Math.abs((a >> shift & 255) * alphaA - (b >> shift & 255) * alphaB) / 255.0;
        }
      }
    }
    return sum / 4 / one.getWidth() / one.getHeight();
  }
}
