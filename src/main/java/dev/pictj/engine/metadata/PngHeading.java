package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import java.nio.ByteBuffer;

/**
 * The header chunk of a PNG (W3C PNG third edition, 11.2.1), and the number of bytes that its
 * pixels must inflate to.
 */
record PngHeading(int width, int height, int bitsPerPixel, boolean interlaced) {
  /** Beyond this every limit refuses; keeps the arithmetic below far from overflow. */
  private static final int MAX_SIDE = 1_000_000;

  /** First column, first row, column step, row step of the seven passes (8.1, Adam7). */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  static PngHeading parse(Input in, byte[] chunk) throws MediaException {
    ByteBuffer fields = ByteBuffer.wrap(chunk);
    if (chunk.length != 13) {
      throw in.invalid("a header of the wrong length");
    }
    int width = fields.getInt(0);
    int height = fields.getInt(4);
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw in.invalid("its header claims an impossible size");
    }
    int depth = chunk[8];
    boolean anyDepth = depth == 1 || depth == 2 || depth == 4 || depth == 8;
    boolean wide = depth == 8 || depth == 16;
    int channels =
        switch (chunk[9]) {
          case 0 -> anyDepth || wide ? 1 : 0;
          case 2 -> wide ? 3 : 0;
          case 3 -> anyDepth ? 1 : 0;
          case 4 -> wide ? 2 : 0;
          case 6 -> wide ? 4 : 0;
          default -> 0;
        };
    if (channels == 0 || chunk[10] != 0 || chunk[11] != 0 || chunk[12] < 0 || chunk[12] > 1) {
      throw in.invalid("its header names an unknown kind of pixels");
    }
    return new PngHeading(width, height, channels * depth, chunk[12] == 1);
  }

  /** The bytes of a picture of this size, one filter byte per line included. */
  long inflatedLength(int frameWidth, int frameHeight) {
    if (!interlaced) {
      return lines(frameWidth, frameHeight);
    }
    long total = 0;
    for (int[] pass : ADAM7) {
      total +=
          lines(
              (frameWidth - pass[0] + pass[2] - 1) / pass[2],
              (frameHeight - pass[1] + pass[3] - 1) / pass[3]);
    }
    return total;
  }

  private long lines(int columns, int rows) {
    // A pass without columns has no lines at all.
    return columns < 1 || rows < 1 ? 0 : rows * (1 + ((long) columns * bitsPerPixel + 7) / 8);
  }
}
