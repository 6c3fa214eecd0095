package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import java.io.IOException;

/**
 * Reads the beginning of a VP8 frame's first partition (RFC 6386, 9.3 to 9.5), up to the number of
 * partitions of coefficients. Every bit there is a decision of even odds (section 7).
 */
final class Vp8Header {
  private final ByteSource in;
  private long at;
  private int value;
  private int range = 255;

  /** Bits of the value that are behind the eight to decide on; negative when it needs a byte. */
  private int spare = -8;

  private Vp8Header(ByteSource in, long at) {
    this.in = in;
    this.at = at;
  }

  /**
   * How many partitions of coefficients there are.
   *
   * @param first where the first partition begins
   */
  static int partitions(ByteSource in, long first) throws IOException {
    Vp8Header header = new Vp8Header(in, first);
    header.number(2);
    if (header.flag()) {
      header.segments();
    }
    header.number(1 + 6 + 3);
    boolean adjusted = header.flag();
    if (adjusted && header.flag()) {
      header.optional(8, 7);
    }
    return 1 << header.number(2);
  }

  private void segments() throws IOException {
    boolean map = flag();
    if (flag()) {
      flag();
      optional(4, 8);
      optional(4, 7);
    }
    if (map) {
      optional(3, 8);
    }
  }

  /** Some numbers, each behind a flag that says whether it is there. */
  private void optional(int count, int bits) throws IOException {
    for (int i = 0; i < count; i++) {
      if (flag()) {
        number(bits);
      }
    }
  }

  private int number(int bits) throws IOException {
    int number = 0;
    for (int i = 0; i < bits; i++) {
      number = (number << 1) | (flag() ? 1 : 0);
    }
    return number;
  }

  private boolean flag() throws IOException {
    if (spare < 0) {
      value = (value << 8) | Math.max(0, in.read(at++));
      spare += 8;
    }
    int split = (range + 1) >> 1;
    boolean flag = value >> spare >= split;
    if (flag) {
      range -= split;
      value -= split << spare;
    } else {
      range = split;
    }
    int shift = Integer.numberOfLeadingZeros(range) - 24;
    range <<= shift;
    spare -= shift;
    return flag;
  }
}
