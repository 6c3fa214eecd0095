package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds out how much of a VP8 key frame (RFC 6386) counts: of each partition, up to the last byte
 * that a decision of the decoder depends on. Everything is parsed as a decoder does, and nothing is
 * computed. The sizes in the file do not tell: that of the last partition is what is left, and any
 * may be longer than what is read of it.
 */
final class Vp8Extent {
  /** The frame tag, the start code, and both sides. */
  static final int HEAD = 10;

  /** The start code, read as a number. */
  private static final int START = 0x2A019D;

  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};

  /** Pixels of one. */
  private static final long MACROBLOCK = 256;

  private static final int CONTEXTS = 3;
  private static final int DECISIONS = 11;
  private static final int KIND = 8 * CONTEXTS * DECISIONS;

  /** Kinds of blocks (RFC 6386, 13.3). */
  private static final int LUMA_WITHOUT_MEAN = 0;

  private static final int MEANS = 1;
  private static final int CHROMA = 2;
  private static final int LUMA = 3;

  /** Extra bits of the four largest ranges of values (13.2). */
  private static final int[][] EXTRA = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  /** Modes of blocks: leaves of the tree are negative (11.2); the order is that of the table. */
  private static final int[] MODE_TREE = {
    0, 1, -1, 2, -2, 3, 4, 6, -3, 5, -4, -5, -6, 7, -7, 8, -8, -9
  };

  private static final int MODES = 10;
  private static final int MODE_DECISIONS = 9;

  /** What a macroblock's mode says of its blocks, where they have none of their own. */
  private static final int MEAN_MODE = 0;

  private static final int TRUE_MOTION = 1;
  private static final int VERTICAL = 2;
  private static final int HORIZONTAL = 3;

  private final int columns;
  private final int rows;
  private final BoolDecoder first;
  private final List<FileSlice> slices = new ArrayList<>();
  private final List<BoolDecoder> tokens = new ArrayList<>();
  private final int[] coefficients = Vp8Probabilities.INITIAL.clone();
  private final int[] segments = {255, 255, 255};
  private boolean segmented;
  private int skipProbability = -1;

  /** Modes above, four a macroblock, and to the left. */
  private final byte[] modesAbove;

  private final byte[] modesLeft = new byte[4];

  /**
   * Whether a block above, and to the left, has coefficients: 4 of luma, 2 and 2, and the means.
   */
  private final boolean[] filledAbove;

  private final boolean[] filledLeft = new boolean[9];

  private final boolean[] ownModes;
  private final boolean[] skipped;

  /**
   * Parses all of a frame.
   *
   * @param at where it begins
   * @param length of it, with what may follow
   * @return its partitions in their order, each with how much of it was taken
   */
  static List<FileSlice> partitions(ByteSource in, long at, long length, PixelBudget budget)
      throws IOException, UnreadableException, MediaException {
    Vp8Extent extent = new Vp8Extent(in, at, length);
    budget.take(MACROBLOCK * extent.columns * extent.rows);
    extent.parse();
    return extent.slices;
  }

  private Vp8Extent(ByteSource in, long at, long length)
      throws IOException, UnreadableException, MediaException {
    int tag = length < HEAD ? 1 : in.littleU24(at);
    long firstLength = tag >> 5;
    if ((tag & 1) != 0 || in.littleU24(at + 3) != START || firstLength > length - HEAD) {
      throw new UnreadableException("no whole key frame");
    }
    columns = (width(in, at) + 15) / 16;
    rows = (height(in, at) + 15) / 16;
    modesAbove = new byte[4 * columns];
    filledAbove = new boolean[9 * columns];
    ownModes = new boolean[columns];
    skipped = new boolean[columns];
    FileSlice slice = new FileSlice(in, at + HEAD, firstLength);
    slices.add(slice);
    first = new BoolDecoder(slice);
    openPartitions(in, at + HEAD + firstLength, at + length, header());
  }

  /** The width that a frame tells. */
  static int width(ByteSource in, long at) throws IOException, MediaException {
    return in.littleU16(at + 6) & 0x3FFF;
  }

  /** The height that a frame tells. */
  static int height(ByteSource in, long at) throws IOException, MediaException {
    return in.littleU16(at + 8) & 0x3FFF;
  }

  private void parse() throws IOException, UnreadableException {
    probabilities();
    for (int row = 0; row < rows; row++) {
      modes();
      residuals(tokens.get(row % tokens.size()));
    }
  }

  /** Returns how many partitions of coefficients there are. */
  private int header() throws IOException, UnreadableException {
    first.number(2);
    if (first.flag()) {
      segmented = first.flag();
      if (first.flag()) {
        first.flag();
        for (int i = 0; i < 4; i++) {
          first.optional(7);
        }
        for (int i = 0; i < 4; i++) {
          first.optional(6);
        }
      }
      if (segmented) {
        for (int i = 0; i < segments.length; i++) {
          if (first.flag()) {
            segments[i] = first.number(8);
          }
        }
      }
    }
    first.number(1 + 6 + 3);
    boolean adjusted = first.flag();
    if (adjusted) {
      boolean given = first.flag();
      for (int i = 0; given && i < 8; i++) {
        first.optional(6);
      }
    }
    return 1 << first.number(2);
  }

  /** The sizes of all but the last stand before the first one, in three bytes each (9.5). */
  private void openPartitions(ByteSource in, long at, long end, int partitions)
      throws IOException, UnreadableException, MediaException {
    long begin = at + 3L * (partitions - 1);
    if (begin >= end) {
      throw new UnreadableException("no coefficients");
    }
    for (int i = 0; i < partitions; i++) {
      long length = i == partitions - 1 ? end - begin : in.littleU24(at + 3L * i);
      if (length > end - begin) {
        throw new UnreadableException("a partition that ends early");
      }
      FileSlice slice = new FileSlice(in, begin, length);
      slices.add(slice);
      tokens.add(new BoolDecoder(slice));
      begin += length;
    }
  }

  private void probabilities() throws IOException, UnreadableException {
    first.number(7);
    for (int i = 0; i < 5; i++) {
      first.optional(4);
    }
    first.flag();
    for (int i = 0; i < Vp8Probabilities.COEFFICIENTS; i++) {
      if (first.bit(Vp8Probabilities.REPLACED[i])) {
        coefficients[i] = first.number(8);
      }
    }
    if (first.flag()) {
      skipProbability = first.number(8);
    }
  }

  /** The modes of a row of macroblocks. */
  private void modes() throws IOException, UnreadableException {
    Arrays.fill(modesLeft, (byte) MEAN_MODE);
    for (int column = 0; column < columns; column++) {
      if (segmented) {
        boolean upper = first.bit(segments[0]);
        first.bit(segments[upper ? 2 : 1]);
      }
      skipped[column] = skipProbability >= 0 && first.bit(skipProbability);
      ownModes[column] = !first.bit(145);
      if (ownModes[column]) {
        blockModes(4 * column);
      } else {
        int mode =
            first.bit(156)
                ? (first.bit(128) ? TRUE_MOTION : HORIZONTAL)
                : (first.bit(163) ? VERTICAL : MEAN_MODE);
        Arrays.fill(modesAbove, 4 * column, 4 * column + 4, (byte) mode);
        Arrays.fill(modesLeft, (byte) mode);
      }
      // That of the colours, which nothing depends on.
      if (first.bit(142) && first.bit(114)) {
        first.bit(183);
      }
    }
  }

  private void blockModes(int above) throws IOException, UnreadableException {
    for (int y = 0; y < 4; y++) {
      int mode = modesLeft[y];
      for (int x = 0; x < 4; x++) {
        int row = (modesAbove[above + x] * MODES + mode) * MODE_DECISIONS;
        int node = MODE_TREE[first.bit(Vp8Probabilities.OF_MODES[row]) ? 1 : 0];
        while (node > 0) {
          node = MODE_TREE[2 * node + (first.bit(Vp8Probabilities.OF_MODES[row + node]) ? 1 : 0)];
        }
        mode = -node;
        modesAbove[above + x] = (byte) mode;
      }
      modesLeft[y] = (byte) mode;
    }
  }

  /** The coefficients of a row of macroblocks. */
  private void residuals(BoolDecoder in) throws IOException, UnreadableException {
    Arrays.fill(filledLeft, false);
    for (int column = 0; column < columns; column++) {
      int above = 9 * column;
      if (skipped[column]) {
        int blocks = ownModes[column] ? 8 : 9;
        Arrays.fill(filledAbove, above, above + blocks, false);
        Arrays.fill(filledLeft, 0, blocks, false);
        continue;
      }
      int kind = LUMA;
      int from = 0;
      if (!ownModes[column]) {
        block(in, MEANS, 0, above, 8, 8);
        kind = LUMA_WITHOUT_MEAN;
        from = 1;
      }
      square(in, kind, from, above, 0, 4);
      square(in, CHROMA, 0, above, 4, 2);
      square(in, CHROMA, 0, above, 6, 2);
    }
  }

  private void square(BoolDecoder in, int kind, int from, int above, int offset, int side)
      throws IOException, UnreadableException {
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        block(in, kind, from, above, offset + x, offset + y);
      }
    }
  }

  private void block(BoolDecoder in, int kind, int from, int above, int x, int y)
      throws IOException, UnreadableException {
    int context = (filledAbove[above + x] ? 1 : 0) + (filledLeft[y] ? 1 : 0);
    boolean filled = coefficients(in, kind * KIND, context, from) > from;
    filledAbove[above + x] = filled;
    filledLeft[y] = filled;
  }

  /** The coefficients of a block (13.2 and 13.3); returns the position after the last. */
  private int coefficients(BoolDecoder in, int kind, int context, int from)
      throws IOException, UnreadableException {
    int at = row(kind, from, context);
    for (int n = from; n < 16; n++) {
      if (!in.bit(coefficients[at])) {
        return n;
      }
      while (!in.bit(coefficients[at + 1])) {
        if (++n == 16) {
          return 16;
        }
        at = row(kind, n, 0);
      }
      if (in.bit(coefficients[at + 2])) {
        large(in, at);
        at = row(kind, n + 1, 2);
      } else {
        at = row(kind, n + 1, 1);
      }
      in.flag();
    }
    return 16;
  }

  private static int row(int kind, int position, int context) {
    return kind + (BANDS[position] * CONTEXTS + context) * DECISIONS;
  }

  private void large(BoolDecoder in, int at) throws IOException, UnreadableException {
    if (!in.bit(coefficients[at + 3])) {
      if (in.bit(coefficients[at + 4])) {
        in.bit(coefficients[at + 5]);
      }
    } else if (!in.bit(coefficients[at + 6])) {
      if (in.bit(coefficients[at + 7])) {
        in.bit(165);
        in.bit(145);
      } else {
        in.bit(159);
      }
    } else {
      int upper = in.bit(coefficients[at + 8]) ? 1 : 0;
      int lower = in.bit(coefficients[at + 9 + upper]) ? 1 : 0;
      for (int probability : EXTRA[2 * upper + lower]) {
        in.bit(probability);
      }
    }
  }
}
