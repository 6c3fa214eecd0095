package dev.pictj.engine.preview;

import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;

/**
 * The thumbhash of a picture: its lowest frequencies of luma, of two chroma channels and of alpha,
 * in some 25 bytes (<a href="https://evanw.github.io/thumbhash/">the algorithm</a>).
 *
 * <p>The bytes are those of the reference implementation. So every sum is made in its order, and
 * cosines are those of {@link StrictMath}: of a plain picture, rounding errors are all that the
 * frequencies are made of, and they are scaled up.
 */
final class Thumbhash {
  /** Frequencies of luma along the longer side. */
  private static final int LUMA_FREQUENCIES = 7;

  private static final int LUMA_FREQUENCIES_BESIDE_ALPHA = 5;

  /** Frequencies of chroma, and of alpha, along each side. */
  private static final int CHROMA_FREQUENCIES = 3;

  private static final int ALPHA_FREQUENCIES = 5;

  private final TinyPicture picture;
  private final BitSet bits = new BitSet();
  private int length;

  private Thumbhash(TinyPicture picture) {
    this.picture = picture;
  }

  /** The thumbhash of a picture in Base64, as clients take it. */
  static String of(TinyPicture picture) {
    return Base64.getEncoder().encodeToString(new Thumbhash(picture).bytes());
  }

  /**
   * A channel as its frequencies.
   *
   * @param mean the lowest of them
   * @param others from -scale to scale, told as 0 to 1
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Frequencies(double mean, double[] others, double scale) {}

  private byte[] bytes() {
    int width = picture.width();
    int height = picture.height();
    double[] mean = mean();
    boolean hasAlpha = mean[3] < width * height;
    int limit = hasAlpha ? LUMA_FREQUENCIES_BESIDE_ALPHA : LUMA_FREQUENCIES;
    int across = along(limit, width);
    int down = along(limit, height);
    double[][] channels = channels(mean);
    Frequencies luma = frequencies(channels[0], Math.max(3, across), Math.max(3, down));
    Frequencies yellow = frequencies(channels[1], CHROMA_FREQUENCIES, CHROMA_FREQUENCIES);
    Frequencies red = frequencies(channels[2], CHROMA_FREQUENCIES, CHROMA_FREQUENCIES);

    append(63 * luma.mean, 6);
    append(31.5 + 31.5 * yellow.mean, 6);
    append(31.5 + 31.5 * red.mean, 6);
    append(31 * luma.scale, 5);
    append(hasAlpha ? 1 : 0, 1);
    append(width > height ? down : across, 3);
    append(63 * yellow.scale, 6);
    append(63 * red.scale, 6);
    append(width > height ? 1 : 0, 1);
    if (hasAlpha) {
      Frequencies alpha = frequencies(channels[3], ALPHA_FREQUENCIES, ALPHA_FREQUENCIES);
      append(15 * alpha.mean, 4);
      append(15 * alpha.scale, 4);
      append(luma, yellow, red, alpha);
    } else {
      append(luma, yellow, red);
    }
    return Arrays.copyOf(bits.toByteArray(), (length + 7) / 8);
  }

  private int along(int limit, int side) {
    int longer = Math.max(picture.width(), picture.height());
    return Math.max(1, (int) Math.round((double) (limit * side) / longer));
  }

  private void append(Frequencies... channels) {
    for (Frequencies channel : channels) {
      for (double one : channel.others) {
        append(15 * one, 4);
      }
    }
  }

  /** Appends a rounded number, its lowest bit first. */
  private void append(double number, int count) {
    long rounded = Math.round(number);
    for (int i = 0; i < count; i++) {
      bits.set(length++, (rounded >> i & 1) != 0);
    }
  }

  /** Mean red, green and blue, from 0 to 1, weighted by alpha; and the sum of alpha. */
  private double[] mean() {
    double[] sums = new double[4];
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int argb = picture.argb(i);
      double alpha = (argb >>> 24) / 255.0;
      for (int colour = 0; colour < 3; colour++) {
        sums[colour] += alpha / 255 * number(argb, colour);
      }
      sums[3] += alpha;
    }
    if (sums[3] > 0) {
      for (int colour = 0; colour < 3; colour++) {
        sums[colour] /= sums[3];
      }
    }
    return sums;
  }

  /** Luma, yellow less blue, and red less green of the picture on its mean colour; and alpha. */
  private double[][] channels(double... mean) {
    int count = picture.width() * picture.height();
    double[][] channels = new double[4][count];
    double[] rgb = new double[3];
    for (int i = 0; i < count; i++) {
      int argb = picture.argb(i);
      double alpha = (argb >>> 24) / 255.0;
      for (int colour = 0; colour < 3; colour++) {
        rgb[colour] = mean[colour] * (1 - alpha) + alpha / 255 * number(argb, colour);
      }
      channels[0][i] = (rgb[0] + rgb[1] + rgb[2]) / 3;
      channels[1][i] = (rgb[0] + rgb[1]) / 2 - rgb[2];
      channels[2][i] = rgb[0] - rgb[1];
      channels[3][i] = alpha;
    }
    return channels;
  }

  private static int number(int argb, int colour) {
    return argb >> (16 - 8 * colour) & 0xFF;
  }

  /** The frequencies in a triangle of the table: the more half periods down, the fewer across. */
  private Frequencies frequencies(double[] channel, int across, int down) {
    double mean = 0;
    double scale = 0;
    double[] others = new double[across * down];
    int count = 0;
    for (int v = 0; v < down; v++) {
      for (int u = 0; u * down < across * (down - v); u++) {
        double amplitude = amplitude(channel, u, v);
        if (u == 0 && v == 0) {
          mean = amplitude;
        } else {
          others[count++] = amplitude;
          scale = Math.max(scale, Math.abs(amplitude));
        }
      }
    }
    others = Arrays.copyOf(others, count);
    if (scale > 0) {
      for (int i = 0; i < count; i++) {
        others[i] = 0.5 + 0.5 / scale * others[i];
      }
    }
    return new Frequencies(mean, others, scale);
  }

  private double amplitude(double[] channel, int across, int down) {
    int width = picture.width();
    int height = picture.height();
    double[] horizontal = cosines(across, width);
    double[] vertical = cosines(down, height);
    double sum = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        sum += channel[y * width + x] * horizontal[x] * vertical[y];
      }
    }
    return sum / (width * height);
  }

  /** A wave of so many half periods, at the middles of so many pixels. */
  private static double[] cosines(int halfPeriods, int count) {
    double[] wave = new double[count];
    for (int i = 0; i < count; i++) {
      wave[i] = StrictMath.cos(Math.PI / count * halfPeriods * (i + 0.5));
    }
    return wave;
  }
}
