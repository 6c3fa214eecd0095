package dev.pictj.codec.jpeg;

/**
 * Makes one, four or sixteen samples of a block of 8 by 8 coefficients: the inverse transform
 * (A.3.3) of that many of the lowest frequencies. Higher ones are finer than the samples can show.
 */
final class ReducedTransform {
  /** Bits of fraction of the factors. */
  private static final int FRACTION = 13;

  /** Bits of fraction of what the columns yield and the rows take. */
  private static final int INTERMEDIATE_FRACTION = 2;

  /** The two-dimensional transform divides by 8, which is a shift by these bits. */
  private static final int DIVISOR_BITS = 3;

  private static final int MIDDLE_SAMPLE = 128;

  private static final int LARGE = fixed(Math.sqrt(2) * Math.cos(Math.PI / 8));
  private static final int SMALL = fixed(Math.sqrt(2) * Math.cos(3 * Math.PI / 8));

  private ReducedTransform() {}

  private static int fixed(double factor) {
    return (int) Math.round(factor * (1 << FRACTION));
  }

  /** The only sample of a block. */
  static byte one(int dc) {
    return sample(round(dc, DIVISOR_BITS));
  }

  /**
   * Four samples.
   *
   * @param block coefficients, row by row
   */
  static void four(int[] block, byte[] out, int offset, int stride) {
    int left = block[0] + block[1];
    int right = block[0] - block[1];
    int leftSlope = block[8] + block[9];
    int rightSlope = block[8] - block[9];
    out[offset] = one(left + leftSlope);
    out[offset + 1] = one(right + rightSlope);
    out[offset + stride] = one(left - leftSlope);
    out[offset + stride + 1] = one(right - rightSlope);
  }

  /** Sixteen samples. The block holds anything afterwards. */
  static void sixteen(int[] block, byte[] out, int offset, int stride) {
    int shift = FRACTION - INTERMEDIATE_FRACTION;
    for (int column = 0; column < 4; column++) {
      int c1 = block[column + 8];
      int c3 = block[column + 24];
      int sum = (block[column] + block[column + 16]) << FRACTION;
      int difference = (block[column] - block[column + 16]) << FRACTION;
      int outer = LARGE * c1 + SMALL * c3;
      int inner = SMALL * c1 - LARGE * c3;
      block[column] = round(sum + outer, shift);
      block[column + 8] = round(difference + inner, shift);
      block[column + 16] = round(difference - inner, shift);
      block[column + 24] = round(sum - outer, shift);
    }
    shift = FRACTION + INTERMEDIATE_FRACTION + DIVISOR_BITS;
    int to = offset;
    for (int row = 0; row < 32; row += 8) {
      int c1 = block[row + 1];
      int c3 = block[row + 3];
      int sum = (block[row] + block[row + 2]) << FRACTION;
      int difference = (block[row] - block[row + 2]) << FRACTION;
      int outer = LARGE * c1 + SMALL * c3;
      int inner = SMALL * c1 - LARGE * c3;
      out[to] = sample(round(sum + outer, shift));
      out[to + 1] = sample(round(difference + inner, shift));
      out[to + 2] = sample(round(difference - inner, shift));
      out[to + 3] = sample(round(sum - outer, shift));
      to += stride;
    }
  }

  private static int round(int number, int bits) {
    return (number + (1 << (bits - 1))) >> bits;
  }

  private static byte sample(int number) {
    return (byte) Math.min(Math.max(number + MIDDLE_SAMPLE, 0), 255);
  }
}
