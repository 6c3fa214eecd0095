package dev.pictj.codec.jpeg;

/** How differences of DC coefficients are coded (F.2.2.1). */
final class DcCode {
  private final HuffmanCode code;

  /** Difference, and in the low 8 bits how many bits it takes; 0 where a look-up is too short. */
  private final int[] quick = new int[1 << HuffmanCode.LOOKUP_BITS];

  DcCode(HuffmanCode code) {
    this.code = code;
    for (int look = 0; look < quick.length; look++) {
      long bits = (long) look << (64 - HuffmanCode.LOOKUP_BITS);
      int word = code.find(bits);
      int length = word & 0xFF;
      int size = word >> 8;
      if (word != 0 && length + size <= HuffmanCode.LOOKUP_BITS) {
        int number = size == 0 ? 0 : (int) (bits << length >>> (64 - size));
        quick[look] = HuffmanCode.extend(number, size) << 8 | (length + size);
      }
    }
  }

  /** See {@link #quick}. */
  int quick(long bits) {
    return quick[(int) (bits >>> (64 - HuffmanCode.LOOKUP_BITS))];
  }

  /** See {@link HuffmanCode#find}. */
  int find(long bits) {
    return code.find(bits);
  }
}
