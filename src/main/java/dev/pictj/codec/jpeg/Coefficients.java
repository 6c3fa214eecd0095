package dev.pictj.codec.jpeg;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The coefficients of one component that the scans of a progressive file have given so far. The
 * memory is not of the heap: arrays of this size that live for milliseconds would have the garbage
 * collector run all the time.
 */
final class Coefficients {
  private static final int COEFFICIENTS_PER_BLOCK = 64;
  private static final int UNKNOWN = -1;
  private static final int MAX_SUCCESSIVE_APPROXIMATION = 13;

  private final Component component;
  private final int stored;
  private final MemorySegment numbers;

  /** How many low bits of each are still left out. */
  private final byte[] precision = new byte[COEFFICIENTS_PER_BLOCK];

  /**
   * Makes room for the coefficients of a component, all zero.
   *
   * @param arena closed when they are of no use any more
   */
  Coefficients(Component component, Arena arena) {
    this.component = component;
    this.stored = component.needsDcOnly() ? 1 : COEFFICIENTS_PER_BLOCK;
    this.numbers = arena.allocate(bytes(component), Long.BYTES);
    Arrays.fill(precision, (byte) UNKNOWN);
  }

  /** Bytes that the coefficients of a component take. */
  static long bytes(Component component) {
    long blocks = (long) component.paddedWide() * component.paddedHigh();
    return blocks * (component.needsDcOnly() ? 1 : COEFFICIENTS_PER_BLOCK) * Short.BYTES;
  }

  /** Whether the samples depend on none of the coefficients of a scan. */
  boolean areOutside(Scan scan) {
    return !scan.isDc() && stored == 1;
  }

  /** Notes a scan that comes now, and must be one that can come now (G.1.1.1). */
  void advance(Scan scan) throws GiveUpException {
    boolean orderly =
        scan.after() <= MAX_SUCCESSIVE_APPROXIMATION
            && (scan.before() == 0 || scan.before() == scan.after() + 1)
            && (scan.isDc() ? scan.last() == 0 : precision[0] != UNKNOWN)
            && scan.first() >= 0
            && scan.first() <= scan.last()
            && scan.last() < COEFFICIENTS_PER_BLOCK;
    for (int i = scan.first(); orderly && i <= scan.last(); i++) {
      orderly =
          scan.before() == Math.max(0, precision[i]) && (scan.before() != 0 || precision[i] < 0);
      precision[i] = (byte) scan.after();
    }
    if (!orderly) {
      throw new GiveUpException("a scan does not follow from those before it");
    }
  }

  /** Index of the first coefficient of a block. */
  long at(int row, int column) {
    return (long) (row * component.paddedWide() + column) * stored;
  }

  /** A coefficient by its index; {@link #at} tells that of a block's first. */
  int get(long index) {
    return numbers.getAtIndex(JAVA_SHORT, index);
  }

  void set(long index, int number) {
    numbers.setAtIndex(JAVA_SHORT, index, (short) number);
  }

  /**
   * Transforms the coefficients of all blocks to samples.
   *
   * @throws GiveUpException when there are scans missing
   */
  void finish() throws GiveUpException {
    for (byte bits : precision) {
      if (bits != 0) {
        // libjpeg smooths such blocks.
        throw new GiveUpException("scans are missing");
      }
    }
    for (int row = 0; row < component.paddedHigh(); row++) {
      for (int column = 0; column < component.paddedWide(); column++) {
        if (stored == 1) {
          component.store(row, column, get(at(row, column)));
        } else {
          finish(row, column);
        }
      }
    }
  }

  private void finish(int row, int column) {
    int[] block = component.block();
    int[] quantisation = component.quantisation();
    long begin = at(row, column);
    for (int number = 0; number <= component.last(); number++) {
      block[Zigzag.place(number)] = get(begin + number) * quantisation[number];
    }
    component.store(row, column);
  }
}
