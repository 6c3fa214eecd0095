package dev.pictj.codec.jpeg;

/** How runs of AC coefficients are coded (F.2.2.2). */
final class AcCode {
  /** In {@link #skip}: the block ends here. */
  static final int END_OF_BLOCK = 1 << 16;

  /** ZRL: sixteen zeros. */
  private static final int SIXTEEN_ZEROS = 0xF0;

  private final HuffmanCode code;
  private final int[] numbers = new int[1 << HuffmanCode.LOOKUP_BITS];
  private final int[] skips = new int[1 << HuffmanCode.LOOKUP_BITS];

  AcCode(HuffmanCode code) {
    this.code = code;
    for (int look = 0; look < numbers.length; look++) {
      long bits = (long) look << (64 - HuffmanCode.LOOKUP_BITS);
      numbers[look] = numberOf(bits);
      skips[look] = skipOf(bits);
    }
  }

  private int numberOf(long bits) {
    int word = code.find(bits);
    int length = word & 0xFF;
    int size = word >> 8 & 15;
    if (word == 0 || size == 0 || length + size > HuffmanCode.LOOKUP_BITS) {
      return 0;
    }
    int number = HuffmanCode.extend((int) (bits << length >>> (64 - size)), size);
    return number << 16 | (word >> 12) << 8 | (length + size);
  }

  private int skipOf(long bits) {
    int passed = 0;
    int advance = 0;
    while (true) {
      int word = code.find(bits << passed);
      int length = (word & 0xFF) + (word >> 8 & 15);
      if (word == 0 || passed + length > HuffmanCode.LOOKUP_BITS) {
        return advance << 8 | passed;
      }
      passed += length;
      if (isEnd(word >> 8)) {
        return END_OF_BLOCK | advance << 8 | passed;
      }
      advance += (word >> 12) + 1;
    }
  }

  /** Whether a symbol is EOB, or in a progressive file begins a run of blocks that end. */
  static boolean isEnd(int symbol) {
    return (symbol & 15) == 0 && symbol != SIXTEEN_ZEROS;
  }

  /**
   * A coefficient that one look-up shows whole: its value, in the bits from 8 on how many zeros
   * come before it, and in the low 8 bits how many bits it takes; 0 where it is longer.
   */
  int number(long bits) {
    return numbers[(int) (bits >>> (64 - HuffmanCode.LOOKUP_BITS))];
  }

  /**
   * Steps over as many coefficients as one look-up shows whole. Returns {@link #END_OF_BLOCK} if
   * the block ends with them, in the bits from 8 on how many they are with their zeros, and in the
   * low 8 bits how many bits they take; 0 where the look-up does not show even one whole.
   */
  int skip(long bits) {
    return skips[(int) (bits >>> (64 - HuffmanCode.LOOKUP_BITS))];
  }

  /** See {@link HuffmanCode#find}. */
  int find(long bits) {
    return code.find(bits);
  }
}
