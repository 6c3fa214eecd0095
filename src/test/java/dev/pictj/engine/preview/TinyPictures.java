package dev.pictj.engine.preview;

import dev.pictj.media.Dimensions;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;

/** Tiny pictures for tests. */
final class TinyPictures {
  private TinyPictures() {}

  /** One whose pixels are told by their places. */
  static TinyPicture of(int width, int height, IntBinaryOperator argb) {
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = argb.applyAsInt(i % width, i / width);
    }
    return new TinyPicture(width, height, pixels);
  }

  /** What is made of a whole picture: each pixel the mean of an area. */
  static TinyPicture of(BufferedImage whole) {
    Dimensions tiny = TinyPicture.size(new Dimensions(whole.getWidth(), whole.getHeight()));
    return of(tiny.width(), tiny.height(), (x, y) -> mean(whole, tiny, x, y));
  }

  private static int mean(BufferedImage whole, Dimensions tiny, int x, int y) {
    int left = x * whole.getWidth() / tiny.width();
    int right = Math.max(left + 1, (x + 1) * whole.getWidth() / tiny.width());
    int top = y * whole.getHeight() / tiny.height();
    int bottom = Math.max(top + 1, (y + 1) * whole.getHeight() / tiny.height());
    int count = (right - left) * (bottom - top);
    int mean = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int sum = count / 2;
      for (int i = 0; i < count; i++) {
        int argb = whole.getRGB(left + i % (right - left), top + i / (right - left));
        sum += argb >> shift & 0xFF;
      }
      mean |= sum / count << shift;
    }
    return mean;
  }

  /** Of all shapes, with and without alpha; some plain, some of noise, some of both. */
  static List<TinyPicture> various() {
    Random random = new Random(21);
    List<TinyPicture> pictures = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int width = 1 + random.nextInt(i % 3 == 0 ? 6 : 100);
      int height = 1 + random.nextInt(i % 5 == 0 ? 6 : 100);
      int opaque = i % 2 == 0 ? 0xFF000000 : 0;
      int mask = i % 7 == 0 ? 0 : random.nextInt();
      int plain = random.nextInt();
      int slope = random.nextInt(6);
      pictures.add(
          of(
              width,
              height,
              (x, y) -> opaque | (plain + slope * (x + y) * 0x010203 ^ random.nextInt() & mask)));
    }
    pictures.add(of(64, 64, (_, _) -> 0x00123456));
    pictures.add(of(100, 100, (x, y) -> (x < 50 ? 0xFF000000 : 0) | x * 2 << 16 | y * 2));
    return pictures;
  }
}
