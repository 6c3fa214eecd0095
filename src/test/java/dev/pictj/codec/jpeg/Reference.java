package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.pictures.Cosines;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** What a shrunken picture should be, worked out from the JDK's picture of full size. */
final class Reference {
  private Reference() {}

  /**
   * Samples, row by row.
   *
   * @param stride from one row to the next
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Plane(double[] samples, int stride) {
    double at(int x, int y) {
      return samples[y * stride + x];
    }
  }

  /** All components of a file as they are stored; colours are not converted. */
  static Raster full(byte[] jpeg) throws IOException {
    var readers = ImageIO.getImageReadersByFormatName("jpeg");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.sun.")) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg))) {
          reader.setInput(in);
          return reader.readRaster(0, null);
        } finally {
          reader.dispose();
        }
      }
    }
    throw new IllegalStateException("the JDK has no reader");
  }

  /**
   * One component with so many samples of a block side by side: what is left of the block when all
   * frequencies are taken from it that so few samples cannot show.
   *
   * @param full whole blocks only
   */
  static Plane reduced(Raster full, int band, int side) {
    int wide = full.getWidth() / 8;
    int high = full.getHeight() / 8;
    double[] samples = new double[wide * side * high * side];
    double[] block = new double[64];
    for (int i = 0; i < wide * high; i++) {
      full.getSamples(i % wide * 8, i / wide * 8, 8, 8, band, block);
      double[] few =
          side == 1
              ? new double[] {Arrays.stream(block).average().orElseThrow()}
              : Cosines.inverse(Cosines.forward(block), side);
      for (int j = 0; j < few.length; j++) {
        int row = i / wide * side + j / side;
        samples[row * wide * side + i % wide * side + j % side] = few[j];
      }
    }
    return new Plane(samples, wide * side);
  }

  /**
   * A plane with each sample as often as it stands for one.
   *
   * @param across by how much
   * @param to the size of the result
   */
  static Plane stretched(Plane plane, int across, int down, Dimensions to) {
    double[] samples = new double[to.width() * to.height()];
    for (int y = 0; y < to.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        samples[y * to.width() + x] = plane.at(x / across, y / down);
      }
    }
    return new Plane(samples, to.width());
  }

  /** Red, green and blue of a pixel (ITU-T T.871, section 7). */
  static double[] rgb(double light, double cb, double cr) {
    return new double[] {
      Math.clamp(light + 1.402 * (cr - 128), 0, 255),
      Math.clamp(light - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), 0, 255),
      Math.clamp(light + 1.772 * (cb - 128), 0, 255)
    };
  }
}
