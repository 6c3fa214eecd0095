package dev.pictj.engine.metadata;

import java.io.IOException;

/** Bits from the lowest of each byte on, as VP8L has them. */
final class LittleBits {
  private final FileSlice in;
  private long bits;
  private int count;
  private int missing;

  LittleBits(FileSlice in) {
    this.in = in;
  }

  /** The next bits, which stay; behind the end there are zeros. */
  int peek(int wanted) throws IOException {
    while (count < wanted) {
      int read = in.read();
      if (read < 0) {
        missing += 8;
        read = 0;
      }
      bits |= (long) read << count;
      count += 8;
    }
    return (int) bits & ((1 << wanted) - 1);
  }

  /** Takes bits that were looked at. */
  void skip(int wanted) throws UnreadableException {
    bits >>>= wanted;
    count -= wanted;
    if (count < missing) {
      throw new UnreadableException("the pixels end early");
    }
  }

  /** A number of at most 24 bits. */
  int number(int wanted) throws IOException, UnreadableException {
    int number = peek(wanted);
    skip(wanted);
    return number;
  }

  boolean flag() throws IOException, UnreadableException {
    return number(1) == 1;
  }

  /** Bytes of which a bit was taken. */
  long taken() {
    return in.taken() - (count - missing) / 8;
  }
}
