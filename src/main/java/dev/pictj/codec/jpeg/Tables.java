package dev.pictj.codec.jpeg;

import java.util.Arrays;

/** Segments that define what scans after them are decoded by (B.2.4). */
final class Tables {
  private static final int STEPS_PER_TABLE = 64;
  private static final int MAX_CODE_BITS = 16;
  private static final int MAX_TABLES = 4;

  private Tables() {}

  /** Reads quantisation tables: for each its precision and number, then steps of 1 or 2 bytes. */
  static void quantisation(byte[] payload, int[][] tables) throws GiveUpException {
    for (int at = 0; at < payload.length; ) {
      int kind = payload[at++];
      int bytes = (kind >> 4) + 1;
      if (kind < 0
          || bytes > 2
          || (kind & 15) >= MAX_TABLES
          || payload.length - at < STEPS_PER_TABLE * bytes) {
        throw new GiveUpException("a quantisation table is unusual");
      }
      int[] steps = new int[STEPS_PER_TABLE];
      for (int i = 0; i < STEPS_PER_TABLE; i++) {
        for (int j = 0; j < bytes; j++) {
          steps[i] = steps[i] << 8 | (payload[at++] & 0xFF);
        }
      }
      tables[kind & 15] = steps;
    }
  }

  /** Reads Huffman tables: for each its class and number, codes of each length, and symbols. */
  static void huffman(byte[] payload, HuffmanTable[] dc, HuffmanTable[] ac) throws GiveUpException {
    for (int at = 0; at < payload.length; ) {
      int kind = payload[at++];
      if (kind >> 4 < 0
          || kind >> 4 > 1
          || (kind & 15) >= MAX_TABLES
          || payload.length - at < MAX_CODE_BITS) {
        throw new GiveUpException("a Huffman code is unusual");
      }
      byte[] counts = Arrays.copyOfRange(payload, at, at + MAX_CODE_BITS);
      at += MAX_CODE_BITS;
      int count = 0;
      for (byte some : counts) {
        count += some & 0xFF;
      }
      if (count > 256 || payload.length - at < count) {
        throw new GiveUpException("a Huffman code is unusual");
      }
      byte[] symbols = Arrays.copyOfRange(payload, at, at + count);
      at += count;
      if (kind >> 4 == 0) {
        dc[kind & 15] = HuffmanTable.ofDc(counts, symbols);
      } else {
        ac[kind & 15] = HuffmanTable.ofAc(counts, symbols);
      }
    }
  }

  /** Reads the number of MCUs between restarts. */
  static int interval(byte[] payload) throws GiveUpException {
    if (payload.length != 2) {
      throw new GiveUpException("a restart interval has another length");
    }
    return (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
  }
}
