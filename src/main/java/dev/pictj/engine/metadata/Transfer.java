package dev.pictj.engine.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * A transfer function, from a sample to linear light, as ICC profiles write it (ICC.1:2022, 10.6
 * and 10.18).
 *
 * @param tag the curve, a multiple of four bytes
 * @param usual whether it is sRGB's, or near enough
 */
@SuppressWarnings("ArrayRecordComponent")
record Transfer(byte[] tag, boolean usual) {
  static final Transfer SRGB =
      new Transfer(parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045), true);

  /** The camera curve of BT.709, by which browsers show all pictures that name a camera curve. */
  private static final Transfer BT709 =
      new Transfer(parametric(3, 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081), false);

  /** Gammas that differ by less count as equal: programs round 1/2.2 in many ways. */
  private static final double GAMMA_TOLERANCE = 0.025;

  private static final int TABLE = 4096;

  /** Luminance of diffuse white in an HDR picture, in candela a square metre (ITU-R BT.2408). */
  private static final double WHITE = 203;

  /** The knee of tone mapping: above it highlights are compressed, so that all are below white. */
  private static final double KNEE = 0.8;

  /**
   * A pure power function.
   *
   * @param exponent from a sample to linear light
   */
  static Transfer power(double exponent) {
    return Math.abs(exponent - 2.2) <= GAMMA_TOLERANCE
        ? SRGB
        : new Transfer(parametric(0, exponent), false);
  }

  /**
   * The transfer function with this number in ITU-T H.273, table 3. Highlights of HDR are
   * tone-mapped to values below white.
   *
   * @return empty where it is not one that a picture for a screen has
   */
  static Optional<Transfer> numbered(int number, boolean fullRange) {
    Optional<Transfer> full =
        Optional.ofNullable(
            switch (number) {
              case 1, 6, 14, 15 -> BT709;
              case 4 -> power(2.2);
              case 5 -> power(2.8);
              case 8 -> power(1);
              case 13 -> SRGB;
              case 16 -> table(Transfer::perceptualQuantizer);
              case 17 -> table(x -> 52.37 / 48 * Math.pow(x, 2.6));
              case 18 -> table(Transfer::hybridLogGamma);
              default -> null;
            });
    return fullRange ? full : full.map(_ -> narrow(number));
  }

  private static Transfer narrow(int number) {
    return switch (number) {
      case 16 -> table(x -> perceptualQuantizer(stretched(x)));
      case 18 -> table(x -> hybridLogGamma(stretched(x)));
      // The differences between the others are smaller than the one of range.
      default -> table(x -> srgb(stretched(x)));
    };
  }

  /** Whether the transfer function is one of HDR. */
  static boolean isHdr(int number) {
    return number == 16 || number == 18;
  }

  /** Expands limited range, in which black is 16 of 255 and white 235 (H.273, 8.3). */
  private static double stretched(double number) {
    return Math.clamp((255 * number - 16) / 219, 0, 1);
  }

  private static double srgb(double x) {
    return x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4);
  }

  /** PQ (SMPTE ST 2084), tone-mapped for a screen without HDR. */
  private static double perceptualQuantizer(double x) {
    double power = Math.pow(x, 32 / 2523.0);
    double light = Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power);
    return belowWhite(10_000 * Math.pow(light, 8192 / 1305.0) / WHITE);
  }

  /** HLG (ITU-R BT.2100) as on a screen of 1000 candela, tone-mapped for a screen without HDR. */
  private static double hybridLogGamma(double x) {
    double scene =
        x <= 0.5 ? x * x / 3 : (Math.exp((x - 0.55991073) / 0.17883277) + 0.28466892) / 12;
    return belowWhite(1000 * Math.pow(scene, 1.2) / WHITE);
  }

  private static double belowWhite(double light) {
    return light <= KNEE ? light : KNEE + (1 - KNEE) * (1 - Math.exp((KNEE - light) / (1 - KNEE)));
  }

  private static Transfer table(DoubleUnaryOperator light) {
    ByteBuffer tag = ByteBuffer.allocate(12 + 2 * TABLE).put(type("curv")).putInt(0).putInt(TABLE);
    for (int i = 0; i < TABLE; i++) {
      double value = light.applyAsDouble(i / (TABLE - 1.0));
      tag.putShort((short) Math.round(65_535 * Math.clamp(value, 0, 1)));
    }
    return new Transfer(tag.array(), false);
  }

  private static byte[] parametric(int kind, double... parameters) {
    ByteBuffer tag = ByteBuffer.allocate(12 + 4 * parameters.length).put(type("para")).putInt(0);
    tag.putShort((short) kind).putShort((short) 0);
    for (double parameter : parameters) {
      tag.putInt((int) Math.round(65_536 * parameter));
    }
    return tag.array();
  }

  private static byte[] type(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}
