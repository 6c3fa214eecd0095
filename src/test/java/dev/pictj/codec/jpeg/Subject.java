package dev.pictj.codec.jpeg;

import dev.pictj.pictures.Pictures;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * Pictures to be coded, neither very dark nor very light: where a decoder cuts off what is beyond
 * black or white, the full size is no measure of the small one.
 */
enum Subject {
  DRAWING {
    @Override
    BufferedImage bright(int width, int height) {
      return Pictures.drawing(width, height, 1);
    }
  },
  NOISE {
    @Override
    BufferedImage bright(int width, int height) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Random random = new Random(width * 31L + height);
      for (int i = 0; i < width * height; i++) {
        image.setRGB(i % width, i / width, random.nextInt(0x1000000));
      }
      return image;
    }
  };

  abstract BufferedImage bright(int width, int height);

  BufferedImage image(int width, int height) {
    BufferedImage image = bright(width, height);
    for (int i = 0; i < width * height; i++) {
      int pixel = image.getRGB(i % width, i / width);
      image.setRGB(i % width, i / width, (pixel >> 1 & 0x7F7F7F) + 0x404040);
    }
    return image;
  }
}
