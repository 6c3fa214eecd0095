package dev.pictj.engine.metadata;

import java.io.IOException;

/** A canonical prefix code of VP8L (RFC 9649, 3.7), read from its lowest bit on. */
final class PrefixCode {
  private static final int MAX_LENGTH = 15;
  private static final int TABLE_BITS = 8;

  /** A symbol and, in the lowest four bits, its length; 0 where codes are longer. */
  private final char[] table;

  private final char[] symbols;
  private final int[] counts = new int[MAX_LENGTH + 1];
  private final int only;

  /**
   * From the length of each symbol's code.
   *
   * @throws UnreadableException when they make no complete code
   */
  PrefixCode(int[] lengths) throws UnreadableException {
    int used = 0;
    int last = 0;
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        counts[lengths[symbol]]++;
        used++;
        last = symbol;
      }
    }
    if (used < 2) {
      if (used == 0) {
        throw new UnreadableException("a code without symbols");
      }
      // One symbol needs no bits.
      only = last;
      table = new char[0];
      symbols = new char[0];
      return;
    }
    only = -1;
    int left = 1;
    int[] next = new int[MAX_LENGTH + 2];
    int[] code = new int[MAX_LENGTH + 2];
    for (int length = 1; length <= MAX_LENGTH; length++) {
      left = 2 * left - counts[length];
      if (left < 0) {
        throw new UnreadableException("a code that is over-full");
      }
      next[length + 1] = next[length] + counts[length];
      code[length + 1] = (code[length] + counts[length]) << 1;
    }
    if (left != 0) {
      throw new UnreadableException("a code that is incomplete");
    }
    symbols = new char[used];
    table = new char[1 << TABLE_BITS];
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      int length = lengths[symbol];
      if (length > 0) {
        symbols[next[length]++] = (char) symbol;
        int bits = Integer.reverse(code[length]++) >>> (32 - length);
        for (int i = bits; length <= TABLE_BITS && i < table.length; i += 1 << length) {
          table[i] = (char) ((symbol << 4) | length);
        }
      }
    }
  }

  /** The symbol that is not even written, for there is no other; -1 where there is. */
  int only() {
    return only;
  }

  int read(LittleBits in) throws IOException, UnreadableException {
    if (only >= 0) {
      return only;
    }
    int found = table[in.peek(TABLE_BITS)];
    if (found != 0) {
      in.skip(found & 15);
      return found >> 4;
    }
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      code |= in.number(1);
      int count = counts[length];
      if (code - first < count) {
        return symbols[index + code - first];
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new UnreadableException("no such code");
  }
}
