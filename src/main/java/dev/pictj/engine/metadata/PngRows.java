package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import dev.pictj.media.PngHeading;

/**
 * Looks at the rows of a PNG frame as they are inflated, in pieces of any length (W3C PNG third
 * edition, 7.2 and 9): that every filter exists, and that no pixel names a colour which the palette
 * does not have. Decoders make different colours of such pixels, or none.
 */
final class PngRows {
  private final ByteSource in;
  private final PngHeading heading;
  private final int[][] passes;

  /** Colours in the palette; 0 where there is none, or where every index is in it. */
  private final int colours;

  private int pass = -1;
  private int rowsLeft;
  private int columns;
  private byte[] row = new byte[0];
  private byte[] above = row;

  /** Bytes of a row, without the byte that names its filter. */
  private int length;

  /** Bytes of the row that have come; -1 before its filter has. */
  private int known = -1;

  private int filter;

  /**
   * Takes the rows of one frame.
   *
   * @param palette how many colours it has, 0 without one
   */
  PngRows(ByteSource in, PngHeading heading, int[][] passes, int palette) {
    this.in = in;
    this.heading = heading;
    this.passes = passes;
    this.colours = heading.isPalette() && palette < 1 << heading.depth() ? palette : 0;
  }

  /** Takes the next bytes, which are no more than the frame has. */
  void add(byte[] inflated, int count) throws MediaException {
    int at = 0;
    while (at < count) {
      if (known < 0) {
        begin(inflated[at++]);
        continue;
      }
      int some = Math.min(count - at, length - known);
      if (colours > 0) {
        System.arraycopy(inflated, at, row, known, some);
      }
      at += some;
      known += some;
      if (known == length) {
        end();
      }
    }
  }

  private void begin(int type) throws MediaException {
    if (type < 0 || type > 4) {
      throw in.invalid("a filter that does not exist");
    }
    filter = type;
    known = 0;
    while (rowsLeft == 0) {
      pass++;
      columns = passes[pass][0];
      rowsLeft = passes[pass][1];
      length = heading.bytesOf(columns);
      row = new byte[colours > 0 ? length : 0];
      above = row.clone();
    }
  }

  private void end() throws MediaException {
    if (colours > 0) {
      unfilter();
      requireKnownColours();
      byte[] done = row;
      row = above;
      above = done;
    }
    known = -1;
    rowsLeft--;
  }

  /** Where there is a palette, a pixel has a byte at the most (9.2). */
  private void unfilter() {
    if (filter == 0) {
      return;
    }
    int left = 0;
    int corner = 0;
    for (int i = 0; i < length; i++) {
      int up = above[i] & 0xFF;
      int guess =
          switch (filter) {
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            default -> paeth(left, up, corner);
          };
      row[i] += (byte) guess;
      left = row[i] & 0xFF;
      corner = up;
    }
  }

  /** The Paeth filter (9.4). */
  private static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }

  private void requireKnownColours() throws MediaException {
    int depth = heading.depth();
    int mask = (1 << depth) - 1;
    for (int x = 0; x < columns; x++) {
      int bit = x * depth;
      if ((row[bit >> 3] >> (8 - depth - (bit & 7)) & mask) >= colours) {
        throw in.invalid("a pixel of a colour that its palette does not have");
      }
    }
  }
}
