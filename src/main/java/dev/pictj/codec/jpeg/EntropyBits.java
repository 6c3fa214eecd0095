package dev.pictj.codec.jpeg;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bits of one entropy-coded segment, which ends at a marker (B.1.1.5).
 *
 * <p>Their number is looked at once for each MCU and not for each bit: {@link #prepare} sees to it
 * that there are enough for any MCU, if need be zeros behind the end, and {@link #requireWithin}
 * tells afterwards whether those were used.
 */
final class EntropyBits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int BUFFER_BYTES = 1 << 15;

  /** The longest MCU: ten blocks (B.2.3) of 27 bits of DC and 63 times 26 of AC; and a margin. */
  private static final int MAX_MCU_BYTES = 10 * (27 + 63 * 26) / 8 + 32;

  /** Bits that are buffered at least after a refill. */
  private static final int MIN_BUFFERED_BITS = 56;

  /** The index of a block's last coefficient. */
  private static final int LAST_COEFFICIENT = 63;

  /**
   * Look-ups between two refills. Each takes 11 bits: before the last there are 34 left, and no
   * coefficient takes more than 26.
   */
  private static final int LOOKUPS_PER_REFILL = 3;

  private final FileBytes in;
  private final byte[] bytes = new byte[BUFFER_BYTES + MAX_MCU_BYTES];
  private int at;
  private int end;
  private boolean complete;

  /** The next bits, the very next highest, and how many of them count. */
  private long bits;

  private int count;

  EntropyBits(FileBytes in) {
    this.in = in;
  }

  /** Begins to read a segment; to be called where the file is at its beginning. */
  void begin() {
    at = 0;
    end = 0;
    complete = false;
    bits = 0;
    count = 0;
  }

  /** Makes sure that the bits of an MCU are buffered; to be called before each. */
  void prepare() throws IOException, GiveUpException {
    if (end - at < MAX_MCU_BYTES && !complete) {
      more();
    }
  }

  private void more() throws IOException, GiveUpException {
    int left = end - at;
    System.arraycopy(bytes, at, bytes, 0, left);
    at = 0;
    end = in.copyEntropyCoded(bytes, left, BUFFER_BYTES);
    if (BUFFER_BYTES - end >= 8) {
      complete = true;
      Arrays.fill(bytes, end, end + MAX_MCU_BYTES, (byte) 0);
    }
  }

  /** Passes when no bit of an MCU was one of the zeros behind the end; called after each MCU. */
  void requireWithin() throws GiveUpException {
    if (complete && left() < 0) {
      throw new GiveUpException("a scan ends early");
    }
  }

  private long left() {
    return (end - at) * 8L + count;
  }

  /** Passes when nothing but padding of less than a byte is left; called after the last MCU. */
  void requireEnd() throws IOException, GiveUpException {
    if (!complete) {
      more();
    }
    if (!complete || left() < 0 || left() >= 8) {
      throw new GiveUpException("a scan is longer than its pixels");
    }
  }

  private void look() {
    bits |= (long) LONG.get(bytes, at) >>> count;
    at += (63 - count) >> 3;
    count |= MIN_BUFFERED_BITS;
  }

  private void pass(int some) {
    bits <<= some;
    count -= some;
  }

  /** The next bits as a number (F.2.2.4, RECEIVE), at most 16. */
  int take(int some) {
    if (some == 0) {
      return 0;
    }
    look();
    int taken = (int) (bits >>> (64 - some));
    pass(some);
    return taken;
  }

  /** The next symbol of a code. */
  int symbol(AcCode code) throws GiveUpException {
    look();
    int word = found(code.find(bits));
    pass(word & 0xFF);
    return word >> 8;
  }

  private static int found(int word) throws GiveUpException {
    if (word == 0) {
      throw new GiveUpException("no code begins like this");
    }
    return word;
  }

  /** The difference of one DC coefficient to the last (F.2.2.1). */
  int difference(DcCode code) throws GiveUpException {
    look();
    int quick = code.quick(bits);
    if (quick != 0) {
      pass(quick & 0xFF);
      return quick >> 8;
    }
    int word = found(code.find(bits));
    pass(word & 0xFF);
    int size = word >> 8;
    return HuffmanCode.extend(take(size), size);
  }

  /**
   * Steps over AC coefficients of one block, from this one to the last (F.2.2.2).
   *
   * @param from the index of the first
   */
  void skipAc(AcCode code, int from) throws GiveUpException {
    // Local variables instead of fields: this loop takes most of the time.
    long bits = this.bits;
    int count = this.count;
    int at = this.at;
    int next = from;
    block:
    while (next <= LAST_COEFFICIENT) {
      bits |= (long) LONG.get(bytes, at) >>> count;
      at += (63 - count) >> 3;
      count |= MIN_BUFFERED_BITS;
      // As many look-ups as the buffered bits are enough for.
      int looks = LOOKUPS_PER_REFILL;
      while (looks > 0) {
        int some = code.skip(bits);
        int then = next + (some >> 8 & 0xFF);
        // A look-up must not go beyond the last coefficient: what follows has another code.
        if (some == 0 || then > LAST_COEFFICIENT) {
          break;
        }
        bits <<= some;
        count -= some & 0xFF;
        next = then;
        if (some >= AcCode.END_OF_BLOCK) {
          break block;
        }
        looks--;
      }
      if (looks > 0) {
        int word = found(code.find(bits));
        int length = (word & 0xFF) + (word >> 8 & 15);
        bits <<= length;
        count -= length;
        if (AcCode.isEnd(word >> 8)) {
          break;
        }
        next += (word >> 12) + 1;
      }
    }
    this.bits = bits;
    this.count = count;
    this.at = at;
    requireBlock(next);
  }

  private static void requireBlock(int next) throws GiveUpException {
    if (next > LAST_COEFFICIENT + 1) {
      throw new GiveUpException("a block has more coefficients than fit");
    }
  }

  /**
   * Reads the first AC coefficients of one block and steps over the others (F.2.2.2).
   *
   * @param block set where they are not zero, row by row
   * @param quantisation what each is multiplied by, in zigzag order
   * @param last to be read
   */
  void readAc(AcCode code, int[] block, int[] quantisation, int last) throws GiveUpException {
    long bits = this.bits;
    int count = this.count;
    int at = this.at;
    int next = 1;
    while (next <= last) {
      bits |= (long) LONG.get(bytes, at) >>> count;
      at += (63 - count) >> 3;
      count |= MIN_BUFFERED_BITS;
      int some = code.number(bits);
      int number;
      if (some != 0) {
        bits <<= some;
        count -= some & 0xFF;
        next += some >> 8 & 15;
        number = some >> 16;
      } else {
        int word = found(code.find(bits));
        int symbol = word >> 8;
        bits <<= word;
        count -= word & 0xFF;
        if (AcCode.isEnd(symbol)) {
          next = LAST_COEFFICIENT + 1;
          break;
        }
        int size = symbol & 15;
        next += symbol >> 4;
        number = size == 0 ? 0 : HuffmanCode.extend((int) (bits >>> (64 - size)), size);
        bits <<= size;
        count -= size;
      }
      if (next <= last) {
        block[Zigzag.place(next)] = number * quantisation[next];
      }
      next++;
    }
    this.bits = bits;
    this.count = count;
    this.at = at;
    skipAc(code, next);
  }
}
