package dev.pictj.media;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The header chunk of a PNG (W3C PNG third edition, 11.2.1), and the number of bytes that its
 * pixels must inflate to.
 */
public record PngHeading(
    int width, int height, int depth, int colour, int channels, boolean interlaced) {
  /** Types of colour (11.2.1, table 12). */
  public static final int GREY = 0;

  public static final int RGB = 2;
  public static final int PALETTE = 3;

  /** The longest side, beyond every limit; it keeps the arithmetic below far from overflow. */
  private static final int MAX_SIDE = 1_000_000;

  /** First column, first row, column step, row step of the seven passes (8.1, Adam7). */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  /**
   * Reads the header chunk.
   *
   * @param chunk its payload
   * @throws MediaException where there is no such kind of pixels
   */
  public static PngHeading parse(ByteSource in, byte[] chunk) throws MediaException {
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
    return new PngHeading(width, height, depth, chunk[9], channels, chunk[12] == 1);
  }

  /** Whether pixels are indices into a palette. */
  public boolean isPalette() {
    return colour == PALETTE;
  }

  /** Columns and rows of each pass over a frame of this size. One without columns has no rows. */
  public int[][] passes(int frameWidth, int frameHeight) {
    if (!interlaced) {
      return new int[][] {{frameWidth, frameHeight}};
    }
    return Arrays.stream(ADAM7)
        .map(
            pass ->
                new int[] {
                  (frameWidth - pass[0] + pass[2] - 1) / pass[2],
                  (frameHeight - pass[1] + pass[3] - 1) / pass[3]
                })
        .map(pass -> pass[0] < 1 || pass[1] < 1 ? new int[2] : pass)
        .toArray(int[][]::new);
  }

  /** The bytes of a row, without its filter. */
  public int bytesOf(int columns) {
    return (int) (((long) columns * channels * depth + 7) / 8);
  }

  /** The bytes of all passes, one for the filter of each row included. */
  public long inflatedLength(int[][] passes) {
    return Arrays.stream(passes).mapToLong(pass -> pass[1] * (1L + bytesOf(pass[0]))).sum();
  }
}
