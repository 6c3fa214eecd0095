package dev.pictj.codec.jpeg;

import java.util.Arrays;

/** Scans of DC coefficients (G.1.2.1): all but some low bits of them, or one more of those. */
final class ProgressiveDc implements BlockWalk.Visitor {
  private final EntropyBits bits;
  private final Coefficients[] all;
  private final DcCode[] codes;
  private final int[] last;
  private final int leftOut;
  private final boolean first;

  /** With the coefficients of its components. */
  ProgressiveDc(Scan scan, Coefficients[] all, EntropyBits bits) throws GiveUpException {
    this.bits = bits;
    this.all = all;
    this.leftOut = scan.after();
    this.first = scan.before() == 0;
    this.last = new int[all.length];
    this.codes = new DcCode[all.length];
    for (int i = 0; i < all.length; i++) {
      HuffmanTable table = scan.parts().get(i).dc();
      if (first && table == null) {
        throw new GiveUpException("a code is missing");
      }
      codes[i] = first ? table.dc() : null;
    }
  }

  @Override
  public void restart() {
    Arrays.fill(last, 0);
  }

  @Override
  public void block(int part, int row, int column) throws GiveUpException {
    Coefficients numbers = all[part];
    long at = numbers.at(row, column);
    if (first) {
      last[part] += bits.difference(codes[part]);
      numbers.set(at, last[part] << leftOut);
    } else if (bits.take(1) != 0) {
      numbers.set(at, numbers.get(at) | 1 << leftOut);
    }
  }
}
