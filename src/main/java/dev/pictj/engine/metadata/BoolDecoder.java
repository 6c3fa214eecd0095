package dev.pictj.engine.metadata;

import java.io.IOException;

/**
 * The arithmetic decoder of VP8 (RFC 6386, section 7). It takes a byte only when a decision depends
 * on it, so what it has taken is what counts.
 */
final class BoolDecoder {
  private static final int EVEN = 128;

  private final FileSlice in;

  /** What was read and not yet decided on: eight bits and as many more as {@link #spare} says. */
  private int value;

  private int spare = -8;
  private int range = 255;
  private boolean ended;

  BoolDecoder(FileSlice in) {
    this.in = in;
  }

  /** One decision that is false with this probability, of 256. */
  boolean bit(int probability) throws IOException, UnreadableException {
    if (spare < 0) {
      value = (value << 8) | next();
      spare += 8;
    }
    int split = 1 + (((range - 1) * probability) >> 8);
    boolean bit = value >> spare >= split;
    if (bit) {
      range -= split;
      value -= split << spare;
    } else {
      range = split;
    }
    int shift = Integer.numberOfLeadingZeros(range) - 24;
    range <<= shift;
    spare -= shift;
    return bit;
  }

  /** Decoders allow for eight bits that an encoder has left out. */
  private int next() throws IOException, UnreadableException {
    int read = in.read();
    if (read < 0) {
      if (ended) {
        throw new UnreadableException("a partition ends early");
      }
      ended = true;
      return 0;
    }
    return read;
  }

  boolean flag() throws IOException, UnreadableException {
    return bit(EVEN);
  }

  /** A number, its highest bit first. */
  int number(int bits) throws IOException, UnreadableException {
    int number = 0;
    for (int i = 0; i < bits; i++) {
      number = (number << 1) | (flag() ? 1 : 0);
    }
    return number;
  }

  /** A flag, and where it is set that many bits and a sign, which say nothing here. */
  void optional(int bits) throws IOException, UnreadableException {
    if (flag()) {
      number(bits + 1);
    }
  }
}
