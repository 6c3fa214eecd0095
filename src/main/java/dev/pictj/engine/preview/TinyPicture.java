package dev.pictj.engine.preview;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.Fidelity;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** The pixels of a tiny picture, in sRGB, not multiplied by alpha. */
public final class TinyPicture {
  private static final int SIDE = 64;

  private final int width;
  private final int height;
  private final int[] pixels;

  /**
   * Makes a picture of packed pixels.
   *
   * @param pixels row by row: alpha, red, green and blue, a byte each
   */
  TinyPicture(int width, int height, int... pixels) {
    this.width = width;
    this.height = height;
    this.pixels = pixels.clone();
  }

  /** What a tiny picture is made by, which stands upright. */
  public static RenderRequest request(Path file, Probed probed) {
    List<RenderStep> steps = new ArrayList<>();
    Dimensions whole = probed.orientation().upright(probed.dimensions());
    Dimensions tiny = size(whole);
    if (!tiny.equals(whole)) {
      steps.add(new RenderStep.Shrink(tiny, RenderStep.Quality.FAST));
    }
    steps.add(new RenderStep.ToSrgb());
    return new RenderRequest(file, probed, steps, MediaType.PNG, Fidelity.USUAL);
  }

  /** The size of the tiny picture that is made of a whole one. */
  public static Dimensions size(Dimensions whole) {
    double scale = Math.min(1, (double) SIDE / Math.max(whole.width(), whole.height()));
    return new Dimensions(
        Math.max(1, (int) Math.round(whole.width() * scale)),
        Math.max(1, (int) Math.round(whole.height() * scale)));
  }

  /**
   * Makes a picture of samples.
   *
   * @param raster of 3 or 4 bands
   */
  public static TinyPicture of(Raster raster) {
    byte[] samples = raster.samples();
    int bands = raster.bands();
    int[] pixels = new int[samples.length / bands];
    for (int i = 0; i < pixels.length; i++) {
      int alpha = bands == 4 ? samples[i * bands + 3] & 0xFF : 0xFF;
      int rgb = 0;
      for (int band = 0; band < 3; band++) {
        rgb = (rgb << 8) | (samples[i * bands + band] & 0xFF);
      }
      pixels[i] = (alpha << 24) | rgb;
    }
    return new TinyPicture(raster.size().width(), raster.size().height(), pixels);
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
