package dev.pictj.codec.jpeg;

import java.util.Arrays;

/** A Huffman code with tables that it is looked up in (annex C). */
final class HuffmanCode {
  /** Bits that tables are looked up by. More are quicker to decode by, and slower to set up. */
  static final int LOOKUP_BITS = 11;

  private static final int MAX_CODE_BITS = 16;

  private final byte[] symbols;

  /** Symbol and length of the code that begins with these bits; 0 where it is longer than they. */
  private final int[] quick = new int[1 << LOOKUP_BITS];

  /** By length, the code after the last one, and what leads from a code to its symbol. */
  private final int[] ends = new int[MAX_CODE_BITS + 1];

  private final int[] offsets = new int[MAX_CODE_BITS + 1];

  /**
   * Sets up the tables of a code that {@link HuffmanTable} has checked.
   *
   * @param counts how many codes there are of each length, from 1 bit to 16
   * @param symbols in the order of their codes
   */
  HuffmanCode(byte[] counts, byte[] symbols) {
    this.symbols = symbols;
    int code = 0;
    int index = 0;
    for (int length = 1; length <= MAX_CODE_BITS; length++) {
      int count = counts[length - 1] & 0xFF;
      offsets[length] = index - code;
      ends[length] = code + count;
      for (int i = 0; i < count && length <= LOOKUP_BITS; i++) {
        int first = (code + i) << (LOOKUP_BITS - length);
        Arrays.fill(quick, first, first + (1 << (LOOKUP_BITS - length)), word(index + i, length));
      }
      code = (code + count) << 1;
      index += count;
    }
  }

  private int word(int index, int length) {
    return (symbols[index] & 0xFF) << 8 | length;
  }

  /**
   * What the next bits are.
   *
   * @param bits the next of them first
   * @return symbol and, in the low 8 bits, length; 0 where no code begins like that
   */
  int find(long bits) {
    int word = quick[(int) (bits >>> (64 - LOOKUP_BITS))];
    for (int length = LOOKUP_BITS + 1; word == 0 && length <= MAX_CODE_BITS; length++) {
      int code = (int) (bits >>> (64 - length));
      if (code < ends[length]) {
        word = word(code + offsets[length], length);
      }
    }
    return word;
  }

  /** The number that bits after a symbol stand for (F.2.2.1, EXTEND). */
  static int extend(int bits, int size) {
    return size > 0 && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
  }
}
