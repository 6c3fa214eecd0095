package dev.pictj.codec.jpeg;

/** The order in which the coefficients of a block are coded (figure A.6). */
final class Zigzag {
  private static final byte[] PLACES = places();

  private Zigzag() {}

  private static byte[] places() {
    byte[] places = new byte[64];
    int index = 0;
    for (int diagonal = 0; diagonal < 15; diagonal++) {
      for (int i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
        int row = diagonal % 2 == 0 ? diagonal - i : i;
        places[index++] = (byte) (8 * row + diagonal - row);
      }
    }
    return places;
  }

  /** The place in a block, row by row, of the coefficient with this number. */
  static int place(int number) {
    return PLACES[number];
  }
}
