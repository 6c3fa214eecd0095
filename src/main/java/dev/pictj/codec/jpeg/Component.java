package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import java.util.Arrays;

/** One of the planes that a frame has (A.1.1), and how far it is decoded. */
final class Component {
  private static final int BLOCK = 8;

  /** In zigzag order, the last of the four lowest frequencies, and of the sixteen lowest. */
  private static final int LAST_OF_FOUR = 4;

  private static final int LAST_OF_SIXTEEN = 24;

  private final int id;
  private final int horizontal;
  private final int vertical;
  private final int table;

  private final int[] block = new int[BLOCK * BLOCK];

  /** Samples of a block from left to right: 1, 2 or 4. */
  private int side;

  private int blocksWide;
  private int blocksHigh;
  private int paddedWide;
  private int paddedHigh;
  private int[] quantisation = {};
  private byte[] samples = {};

  /**
   * A component as the frame header describes it (B.2.2).
   *
   * @param table its quantisation's
   */
  Component(int id, int horizontal, int vertical, int table) {
    this.id = id;
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.table = table;
  }

  /**
   * Works out how many blocks and samples it has.
   *
   * @param size of the frame
   * @param maxHorizontal the largest horizontal sampling factor of the frame
   * @param maxVertical the largest vertical sampling factor of the frame
   * @param shrink 4 or 8
   * @param wholeChroma whether a component that is subsampled 2:1 both ways is decoded at twice the
   *     scale of the others, so that all its detail is kept
   */
  void layOut(Dimensions size, int maxHorizontal, int maxVertical, int shrink, boolean wholeChroma)
      throws GiveUpException {
    side = BLOCK / shrink;
    boolean halfWide = maxHorizontal == 2 * horizontal;
    boolean halfHigh = maxVertical == 2 * vertical;
    if ((!halfWide && maxHorizontal != horizontal) || (!halfHigh && maxVertical != vertical)) {
      throw new GiveUpException("colour is stored in an unusual size");
    }
    if (halfWide && halfHigh && wholeChroma) {
      side *= 2;
    }
    int mcusWide = ceil(size.width(), BLOCK * maxHorizontal);
    int mcusHigh = ceil(size.height(), BLOCK * maxVertical);
    blocksWide = ceil(size.width() * horizontal, BLOCK * maxHorizontal);
    blocksHigh = ceil(size.height() * vertical, BLOCK * maxVertical);
    paddedWide = mcusWide * horizontal;
    paddedHigh = mcusHigh * vertical;
  }

  private static int ceil(int number, int divisor) {
    return (number + divisor - 1) / divisor;
  }

  int id() {
    return id;
  }

  /** How many of its blocks are side by side in an MCU. */
  int horizontal() {
    return horizontal;
  }

  /** How many of its blocks are above each other in an MCU. */
  int vertical() {
    return vertical;
  }

  int blocksWide() {
    return blocksWide;
  }

  int blocksHigh() {
    return blocksHigh;
  }

  /** With those that only fill up the last MCU. */
  int paddedWide() {
    return paddedWide;
  }

  /** With those that only fill up the last MCU. */
  int paddedHigh() {
    return paddedHigh;
  }

  /** Whether DC is all that its samples depend on. */
  boolean needsDcOnly() {
    return side == 1;
  }

  /** Keeps the quantisation table as it is at the first scan, whatever comes later (B.2.4.1). */
  void begin(int[][] tables) throws GiveUpException {
    if (!isBegun()) {
      if (tables[table] == null) {
        throw new GiveUpException("a quantisation table is missing");
      }
      quantisation = tables[table];
      samples = new byte[paddedWide * side * paddedHigh * side];
    }
  }

  /** Whether a scan had it. */
  boolean isBegun() {
    return samples.length > 0;
  }

  /** The quantisation table, in zigzag order. */
  int[] quantisation() {
    return quantisation;
  }

  /** Coefficients of the block that is read now: all zeros, to be set before {@link #store}. */
  int[] block() {
    return block;
  }

  /** Stores the samples of a block of which only DC is known, or needed. */
  void store(int row, int column, int dc) {
    samples[row * paddedWide + column] = ReducedTransform.one(dc * quantisation[0]);
  }

  /** The number of the last coefficient that its samples depend on. */
  int last() {
    return switch (side) {
      case 1 -> 0;
      case 2 -> LAST_OF_FOUR;
      default -> LAST_OF_SIXTEEN;
    };
  }

  /** Stores the samples of the block, which then is all zeros again. */
  void store(int row, int column) {
    int stride = paddedWide * side;
    int offset = row * side * stride + column * side;
    if (side == 2) {
      ReducedTransform.four(block, samples, offset, stride);
      Arrays.fill(block, 0, 10, 0);
    } else {
      ReducedTransform.sixteen(block, samples, offset, stride);
      Arrays.fill(block, 0, 32, 0);
    }
  }

  /** Samples, row by row. */
  byte[] samples() {
    return samples;
  }

  /** Rows of samples, with those that only fill up the last MCU. */
  int rows() {
    return paddedHigh * side;
  }

  /** Samples from the beginning of a row to that of the next. */
  int stride() {
    return paddedWide * side;
  }
}
