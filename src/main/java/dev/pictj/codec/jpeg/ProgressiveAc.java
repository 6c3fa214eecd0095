package dev.pictj.codec.jpeg;

/** Scans of some AC coefficients of one component: all but some low bits, or one more of those. */
final class ProgressiveAc implements BlockWalk.Visitor {
  private static final int SIXTEEN_ZEROS = 15;

  private final EntropyBits bits;
  private final Coefficients numbers;
  private final AcCode code;
  private final int from;
  private final int to;
  private final int leftOut;
  private final boolean first;

  /** EOBRUN: how many blocks from here on have nothing new. */
  private int without;

  ProgressiveAc(Scan scan, Coefficients numbers, EntropyBits bits) throws GiveUpException {
    this.bits = bits;
    this.numbers = numbers;
    this.from = scan.first();
    this.to = scan.last();
    this.leftOut = scan.after();
    this.first = scan.before() == 0;
    HuffmanTable table = scan.parts().getFirst().ac();
    if (table == null || scan.parts().size() != 1) {
      throw new GiveUpException("a code is missing, or a component too many");
    }
    this.code = table.ac();
  }

  @Override
  public void restart() {
    without = 0;
  }

  @Override
  public void block(int part, int row, int column) throws GiveUpException {
    long begin = numbers.at(row, column);
    if (!first) {
      refine(begin);
    } else if (without > 0) {
      without--;
    } else {
      begin(begin);
    }
  }

  /** G.1.2.2. */
  private void begin(long begin) throws GiveUpException {
    for (int i = from; i <= to; i++) {
      int symbol = bits.symbol(code);
      int run = symbol >> 4;
      int size = symbol & 15;
      if (AcCode.isEnd(symbol)) {
        without = blocks(run) - 1;
        return;
      }
      i += run;
      requireWithin(i);
      if (size > 0) {
        numbers.set(begin + i, HuffmanCode.extend(bits.take(size), size) << leftOut);
      }
    }
  }

  /** The length of a run of blocks that end (table G.1). */
  private int blocks(int size) {
    return (1 << size) + bits.take(size);
  }

  private void requireWithin(int index) throws GiveUpException {
    if (index > to) {
      throw new GiveUpException("a block has more coefficients than fit");
    }
  }

  /** G.1.2.3. */
  private void refine(long begin) throws GiveUpException {
    int next = from;
    while (without == 0 && next <= to) {
      int symbol = bits.symbol(code);
      int run = symbol >> 4;
      int size = symbol & 15;
      if (AcCode.isEnd(symbol)) {
        without = blocks(run);
        break;
      }
      if (size > 1 || (size == 0 && run != SIXTEEN_ZEROS)) {
        throw new GiveUpException("a coefficient that is new has more than a bit");
      }
      int number = size == 0 ? 0 : (bits.take(1) != 0 ? 1 : -1) * (1 << leftOut);
      next = pass(begin, next, run);
      if (size > 0) {
        requireWithin(next);
        numbers.set(begin + next, number);
      }
      next++;
    }
    if (without > 0) {
      pass(begin, next, to);
      without--;
    }
  }

  /**
   * Refines those that are not zero.
   *
   * @param zeros to step over
   * @return where the next zero is after those, or behind the last
   */
  private int pass(long begin, int next, int zeros) {
    int left = zeros;
    int i = next;
    for (; i <= to; i++) {
      int number = numbers.get(begin + i);
      if (number != 0) {
        correct(begin + i, number);
      } else if (left-- == 0) {
        break;
      }
    }
    return i;
  }

  private void correct(long index, int number) {
    int bit = 1 << leftOut;
    if (bits.take(1) != 0 && (number & bit) == 0) {
      numbers.set(index, number >= 0 ? number + bit : number - bit);
    }
  }
}
