package dev.pictj.engine.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlurhashTest {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

  private static final IntBinaryOperator CHAOS =
      (x, y) -> rgb((x * 37 + y * 11) % 256, (x * 5 + y * 53) % 256, (x * x + y * y) % 256);
  private static final IntBinaryOperator GRADIENT = (x, y) -> rgb(x * 8, y * 8, 255 - 4 * (x + y));
  private static final IntBinaryOperator PLAIN = (_, _) -> rgb(200, 30, 60);

  private static int rgb(int red, int green, int blue) {
    return 0xFF000000 | red << 16 | green << 8 | blue;
  }

  private static TinyPicture picture(int width, int height, IntBinaryOperator argb) {
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = argb.applyAsInt(i % width, i / width);
    }
    return new TinyPicture(width, height, pixels);
  }

  /**
   * What the encoder in C by the authors of the algorithm makes of the same pixels (blurhash-python
   * 1.2.2). Theirs in JavaScript takes the largest amplitude for the most there is, whatever the
   * others are below zero.
   */
  @Test
  void theTextsAreThoseOfTheReference() {
    assertThat(Blurhash.of(picture(20, 15, CHAOS), 4, 3)).isEqualTo("LFHV6Zp6oocF#MI8NpEFI]oiS+fz");
    assertThat(Blurhash.of(picture(20, 15, CHAOS), 9, 9))
        .isEqualTo(
            "|cHV6Zork5bwn8SwAuxVSgr.ROWSNOW,BOsr$KjKR.j^W@fhSujL,qWBj^rxeVawoHa*sSWAW=W.V@baW.kWWTW"
                + "TnnoMbXrMigaOn}bafmbFadWFUhXgb;aQk9WBoLn+j]x[cTnkbajFWrX7WobXS]WBj?WEn,kRWVj=jJ");
    assertThat(Blurhash.of(picture(32, 32, GRADIENT), 3, 3)).isEqualTo("KxH2cm2xw#m3WHjugMfkfQ");
    assertThat(Blurhash.of(picture(32, 24, GRADIENT), 4, 3))
        .isEqualTo("LxH14i2ew#W?myWZjuf9g3fkfQfk");
    assertThat(Blurhash.of(picture(7, 5, PLAIN), 5, 3))
        .isEqualTo("MbM^#R]UfQ]UfQ|ysofQsofQfQfQfQfQfQ");
    assertThat(Blurhash.of(picture(1, 1, PLAIN), 1, 1)).isEqualTo("00M^#R");
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 3, 3",
    "64, 48, 4, 3",
    "64, 36, 5, 3",
    "36, 64, 3, 5",
    "64, 1, 6, 3",
    "1, 64, 3, 6",
    "1, 1, 3, 3",
    "64, 57, 3, 3"
  })
  void theShapeDecidesHowManyFrequenciesThereAre(int width, int height, int across, int down) {
    String text = Blurhash.of(picture(width, height, CHAOS));
    assertThat(waves(text)).isEqualTo(across + "x" + down);
    assertThat(text).hasSize(4 + 2 * across * down);
  }

  /** The mean of light, not of its sRGB numbers: half black and half white are 188. */
  @Test
  void meansAreMeansOfLight() {
    String text =
        Blurhash.of(picture(64, 64, (x, y) -> (x + y) % 2 == 0 ? 0xFFFFFFFF : 0xFF000000));
    assertThat(mean(text)).containsExactly(188, 188, 188);
  }

  @Test
  void whatIsTransparentIsSeenOnWhite() {
    assertThat(Blurhash.of(picture(16, 16, (_, _) -> 0x00123456)))
        .isEqualTo(Blurhash.of(picture(16, 16, (_, _) -> 0xFFFFFFFF)));
    assertThat(Blurhash.of(picture(16, 16, (_, _) -> 0x80000000)))
        .isEqualTo(Blurhash.of(picture(16, 16, (_, _) -> rgb(127, 127, 127))));
  }

  @Test
  void theDecodedPictureIsLikeTheOne() {
    double[][] decoded = decoded(Blurhash.of(picture(32, 24, GRADIENT)), 32, 24);
    double sum = 0;
    for (int i = 0; i < decoded.length; i++) {
      int argb = GRADIENT.applyAsInt(i % 32, i / 32);
      for (int colour = 0; colour < 3; colour++) {
        sum += Math.abs(decoded[i][colour] - (argb >> (16 - 8 * colour) & 0xFF));
      }
    }
    assertThat(sum / decoded.length / 3).isLessThan(16);
  }

  @Test
  void anyPixelsMakeATextThatDecodes() {
    Random random = new Random(17);
    for (int i = 0; i < 500; i++) {
      int width = 1 + random.nextInt(64);
      int height = 1 + random.nextInt(64);
      int mask = random.nextBoolean() ? 0xFFFFFFFF : random.nextInt();
      String text = Blurhash.of(picture(width, height, (_, _) -> random.nextInt() & mask));
      assertThat(text).matches("[0-9A-Za-z#$%*+,.:;=?@\\[\\]^_{|}~-]{22,40}");
      assertThat(decoded(text, 3, 3)).hasDimensions(9, 3);
    }
  }

  /** How many frequencies a text has, across and down. */
  static String waves(String text) {
    long size = number(text, 0, 1);
    return size % 9 + 1 + "x" + (size / 9 + 1);
  }

  /** Red, green and blue of the mean that a text tells. */
  static int[] mean(String text) {
    int rgb = (int) number(text, 2, 4);
    return new int[] {rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF};
  }

  /** A decoder after the public description, which shares nothing with the encoder. */
  private static double[][] decoded(String text, int width, int height) {
    int across = (int) number(text, 0, 1) % 9 + 1;
    int down = (int) number(text, 0, 1) / 9 + 1;
    double most = (number(text, 1, 1) + 1) / 166.0;
    double[][] result = new double[width * height][3];
    for (int i = 0; i < across * down; i++) {
      double[] amplitude = new double[3];
      long value = i == 0 ? number(text, 2, 4) : number(text, 4 + 2 * i, 2);
      for (int colour = 2; colour >= 0; colour--) {
        if (i == 0) {
          double srgb = value % 256 / 255.0;
          amplitude[colour] =
              srgb <= 0.04045 ? srgb / 12.92 : Math.pow((srgb + 0.055) / 1.055, 2.4);
          value /= 256;
        } else {
          double level = (value % 19 - 9) / 9.0;
          amplitude[colour] = Math.signum(level) * level * level * most;
          value /= 19;
        }
      }
      for (int at = 0; at < result.length; at++) {
        double basis =
            Math.cos(Math.PI * (i % across) * (at % width) / width)
                * Math.cos(Math.PI * (i / across) * (at / width) / height);
        for (int colour = 0; colour < 3; colour++) {
          result[at][colour] += amplitude[colour] * basis;
        }
      }
    }
    for (double[] pixel : result) {
      for (int colour = 0; colour < 3; colour++) {
        double light = Math.clamp(pixel[colour], 0.0, 1.0);
        pixel[colour] =
            255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * Math.pow(light, 1 / 2.4) - 0.055);
      }
    }
    return result;
  }

  private static long number(String text, int from, int length) {
    long number = 0;
    for (char digit : text.substring(from, from + length).toCharArray()) {
      number = number * 83 + DIGITS.indexOf(digit);
    }
    return number;
  }
}
