package dev.pictj.engine.vips;

import dev.pictj.media.Dimensions;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Pictures in which colour changes as often as it can: where less of it would show first. */
enum FineColours {
  /** Thin lines of every hue in every direction, on white. */
  LINES {
    @Override
    void draw(Graphics2D pen, int width, int height, Random random) {
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, width, height);
      for (int i = 0; i < 150; i++) {
        pen.setColor(Color.getHSBColor(random.nextFloat(), 1, 1));
        pen.setStroke(new BasicStroke(1 + random.nextInt(12)));
        pen.drawLine(
            random.nextInt(width),
            random.nextInt(height),
            random.nextInt(width),
            random.nextInt(height));
      }
    }
  },

  /** Letters, or what looks like them from afar: red on blue, whose brightness is much alike. */
  LETTERS {
    @Override
    void draw(Graphics2D pen, int width, int height, Random random) {
      pen.setColor(new Color(0, 0, 220));
      pen.fillRect(0, 0, width, height);
      pen.setColor(new Color(230, 0, 0));
      for (int size = 12, y = 8; y < height - size; y += 2 * size, size += 6) {
        pen.setStroke(new BasicStroke(size / 6f));
        for (int x = 8; x < width - size; x += size) {
          for (int stroke = 0; stroke < 3; stroke++) {
            pen.drawLine(
                x + random.nextInt(3) * size / 3,
                y + random.nextInt(3) * size / 2,
                x + random.nextInt(3) * size / 3,
                y + random.nextInt(3) * size / 2);
          }
        }
      }
    }
  },

  /** Edges between colours, of all hues. */
  EDGES {
    @Override
    void draw(Graphics2D pen, int width, int height, Random random) {
      for (int i = 0; i < 200; i++) {
        pen.setColor(Color.getHSBColor(random.nextFloat(), 1, 0.4f + 0.6f * random.nextFloat()));
        pen.fillRect(random.nextInt(width), random.nextInt(height), 20 + random.nextInt(100), 60);
      }
    }
  };

  abstract void draw(Graphics2D pen, int width, int height, Random random);

  BufferedImage image(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    draw(pen, width, height, new Random(1));
    pen.dispose();
    return image;
  }

  /** The mean of all pixels that one of this size stands for, a whole number of them. */
  static BufferedImage mean(BufferedImage full, Dimensions size) {
    BufferedImage image =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
    int across = full.getWidth() / size.width();
    int down = full.getHeight() / size.height();
    for (int i = 0; i < size.area(); i++) {
      int x = i % size.width() * across;
      int y = i / size.width() * down;
      double[] sums = new double[3];
      for (int j = 0; j < across * down; j++) {
        int pixel = full.getRGB(x + j % across, y + j / across);
        for (int band = 0; band < 3; band++) {
          sums[band] += pixel >> 8 * band & 255;
        }
      }
      int mean = 0;
      for (int band = 0; band < 3; band++) {
        mean |= (int) Math.round(sums[band] / (across * down)) << 8 * band;
      }
      image.setRGB(x / across, y / down, mean);
    }
    return image;
  }
}
