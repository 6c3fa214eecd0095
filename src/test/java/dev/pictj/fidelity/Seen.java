package dev.pictj.fidelity;

import java.util.List;
import java.util.Optional;

/**
 * A picture or a film as a viewer shows it.
 *
 * @param format such as {@code jpeg}; {@code mp4} is every film
 * @param pixelAspect how wide a pixel is for its height
 * @param loops how often it is played, 0 for ever; -1 where its format does not say
 * @param profile its ICC profile
 * @param depth bits of a channel
 * @param palette whether its pixels are indices
 * @param chroma such as 4:2:0; 4:4:4 where colour is not sampled
 * @param lossless whether its format keeps what it is given
 */
record Seen(
    String format,
    double pixelAspect,
    int loops,
    Optional<byte[]> profile,
    int depth,
    boolean palette,
    String chroma,
    boolean lossless,
    List<Frame> frames) {
  /**
   * What is seen for a while, the whole canvas.
   *
   * @param samples rows of pixels of as many channels as there are and alpha, each from 0 to 1
   */
  record Frame(int width, int height, double millis, double[][][] samples, Colours colours) {
    /** Red, green, blue and alpha from 0 to 255, at a place from 0 to 1 both ways. */
    double[] at(double x, double y) {
      double[] pixel =
          samples[Math.min(height - 1, (int) (y * height))][Math.min(width - 1, (int) (x * width))];
      double[] channels = java.util.Arrays.copyOf(pixel, pixel.length - 1);
      double[] rgb = colours.shown(channels);
      return new double[] {255 * rgb[0], 255 * rgb[1], 255 * rgb[2], 255 * pixel[pixel.length - 1]};
    }
  }

  Frame first() {
    return frames.getFirst();
  }

  /** How wide it is shown for its height. */
  double shape() {
    return pixelAspect * first().width() / first().height();
  }
}
