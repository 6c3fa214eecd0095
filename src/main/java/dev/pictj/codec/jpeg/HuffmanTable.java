package dev.pictj.codec.jpeg;

/**
 * A Huffman code as a file defines it (B.2.4.2). What it is decoded by is made only for a scan: a
 * file may define a million codes and use none, and the making takes long.
 */
final class HuffmanTable {
  /** Of a difference of samples of 8 bits (table F.1). */
  private static final int MAX_DC_BITS = 11;

  /** Of samples of 8 bits (table F.2); in a progressive file as well. */
  private static final int MAX_AC_BITS = 10;

  private final byte[] counts;
  private final byte[] symbols;

  private HuffmanTable(byte[] counts, byte[] symbols) throws GiveUpException {
    this.counts = counts;
    this.symbols = symbols;
    int code = 0;
    for (int length = 1; length <= counts.length; length++) {
      int count = counts[length - 1] & 0xFF;
      code += count;
      // The code of all ones belongs to nobody (C.2).
      if (code >= 1 << length && count > 0) {
        throw new GiveUpException("a Huffman code has more words than there are");
      }
      code <<= 1;
    }
  }

  /**
   * Of DC coefficients.
   *
   * @param counts how many words there are of each length, from 1 bit to 16
   * @param symbols in the order of their words
   */
  static HuffmanTable ofDc(byte[] counts, byte[] symbols) throws GiveUpException {
    for (byte symbol : symbols) {
      if (symbol < 0 || symbol > MAX_DC_BITS) {
        throw new GiveUpException("a difference has too many bits");
      }
    }
    return new HuffmanTable(counts, symbols);
  }

  /** Of AC coefficients, likewise. */
  static HuffmanTable ofAc(byte[] counts, byte[] symbols) throws GiveUpException {
    for (byte symbol : symbols) {
      if ((symbol & 15) > MAX_AC_BITS) {
        throw new GiveUpException("a coefficient has too many bits");
      }
    }
    return new HuffmanTable(counts, symbols);
  }

  /** What DC coefficients are decoded by. */
  DcCode dc() {
    return new DcCode(new HuffmanCode(counts, symbols));
  }

  /** What AC coefficients are decoded by. */
  AcCode ac() {
    return new AcCode(new HuffmanCode(counts, symbols));
  }
}
