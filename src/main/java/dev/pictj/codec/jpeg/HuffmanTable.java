package dev.pictj.codec.jpeg;

/**
 * A Huffman code as a file defines it (B.2.4.2). Its look-up tables are made only when a scan uses
 * it: a file may define a million codes and use none, and making the tables takes long.
 */
final class HuffmanTable {
  /** Bits of the largest difference of DC coefficients where samples have 8 bits (table F.1). */
  private static final int MAX_DC_BITS = 11;

  /** Bits of the largest AC coefficient where samples have 8 bits, progressive too (table F.2). */
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
      // No symbol may have the code of all ones (C.2).
      if (code >= 1 << length && count > 0) {
        throw new GiveUpException("a Huffman code has more words than there are");
      }
      code <<= 1;
    }
  }

  /**
   * Makes a table for DC coefficients.
   *
   * @param counts how many codes there are of each length, from 1 bit to 16
   * @param symbols in the order of their codes
   */
  static HuffmanTable ofDc(byte[] counts, byte[] symbols) throws GiveUpException {
    for (byte symbol : symbols) {
      if (symbol < 0 || symbol > MAX_DC_BITS) {
        throw new GiveUpException("a difference has too many bits");
      }
    }
    return new HuffmanTable(counts, symbols);
  }

  /** Makes a table for AC coefficients, of the same parameters. */
  static HuffmanTable ofAc(byte[] counts, byte[] symbols) throws GiveUpException {
    for (byte symbol : symbols) {
      if ((symbol & 15) > MAX_AC_BITS) {
        throw new GiveUpException("a coefficient has too many bits");
      }
    }
    return new HuffmanTable(counts, symbols);
  }

  /** Makes the look-up tables for DC coefficients. */
  DcCode dc() {
    return new DcCode(new HuffmanCode(counts, symbols));
  }

  /** Makes the look-up tables for AC coefficients. */
  AcCode ac() {
    return new AcCode(new HuffmanCode(counts, symbols));
  }
}
