package dev.pictj.media;

/** Numbers of some bits from bytes in memory. To read past their end means a damaged file. */
final class BitReader {
  private final byte[] bytes;
  private final boolean lowFirst;
  private final MediaException end;
  private long position;

  private BitReader(byte[] bytes, boolean lowFirst, MediaException end) {
    this.bytes = bytes;
    this.lowFirst = lowFirst;
    this.end = end;
  }

  /**
   * Makes a reader for which the highest bit of each byte comes first, as in AV1 and HEVC.
   *
   * @param end is thrown where there is nothing more
   */
  static BitReader highFirst(byte[] bytes, MediaException end) {
    return new BitReader(bytes, false, end);
  }

  /** Makes a reader for which the lowest bit of each byte and number comes first, as in JPEG XL. */
  static BitReader lowFirst(byte[] bytes, MediaException end) {
    return new BitReader(bytes, true, end);
  }

  /** A number of up to 32 bits. */
  long bits(int count) throws MediaException {
    long number = 0;
    for (int i = 0; i < count; i++) {
      int at = (int) (position >> 3);
      if (at >= bytes.length) {
        throw end;
      }
      int bit = (int) (position++ & 7);
      long one = lowFirst ? bytes[at] >> bit & 1 : bytes[at] >> (7 - bit) & 1;
      number = lowFirst ? number | one << i : number << 1 | one;
    }
    return number;
  }

  int small(int count) throws MediaException {
    return (int) bits(count);
  }

  boolean flag() throws MediaException {
    return bits(1) != 0;
  }

  void skip(int count) throws MediaException {
    for (int left = count; left > 0; left -= 32) {
      long _ = bits(Math.min(32, left));
    }
  }

  /**
   * Reads an Exp-Golomb code: as many bits follow the first 1 as zeros stand before it (H.265, 9.2;
   * AV1, 4.10.3).
   */
  long exponential() throws MediaException {
    int zeros = 0;
    while (!flag()) {
      if (++zeros == 32) {
        throw end;
      }
    }
    return (1L << zeros) - 1 + bits(zeros);
  }
}
