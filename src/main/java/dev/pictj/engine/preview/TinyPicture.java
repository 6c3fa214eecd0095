package dev.pictj.engine.preview;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The pixels of a tiny picture, in sRGB, not multiplied by how opaque they are. */
final class TinyPicture {
  private final int width;
  private final int height;
  private final int[] pixels;

  /**
   * Of these pixels.
   *
   * @param pixels row by row: alpha, red, green and blue, a byte each
   */
  TinyPicture(int width, int height, int... pixels) {
    this.width = width;
    this.height = height;
    this.pixels = pixels.clone();
  }

  /** Reads a PNG of red, green and blue, which an engine has made and nothing says more about. */
  static TinyPicture of(Path png) throws IOException {
    BufferedImage image = ImageIO.read(png.toFile());
    if (image == null) {
      throw new IOException("no PNG");
    }
    int width = image.getWidth();
    int height = image.getHeight();
    return new TinyPicture(
        width, height, image.getRGB(0, 0, width, height, new int[width * height], 0, width));
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** One pixel, counted row by row. */
  int argb(int index) {
    return pixels[index];
  }
}
