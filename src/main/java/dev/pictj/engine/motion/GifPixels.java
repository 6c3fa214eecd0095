package dev.pictj.engine.motion;

import dev.pictj.media.ByteSource;
import dev.pictj.media.GifBlocks;
import dev.pictj.media.MediaException;
import java.io.IOException;

/**
 * Unpacks the pixels of a GIF's frame (GIF89a specification, appendix F: LZW with codes of 3 to 12
 * bits), a row at a time.
 */
public final class GifPixels {
  private static final int MAX_CODES = 4096;
  private static final int MAX_BITS = 12;
  private static final int MAX_COLOUR_BITS = 8;

  /** First row and step of the four passes (appendix E). */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  /** Takes the rows of a frame. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Takes a row.
     *
     * @param y within the frame
     * @param colours as numbers of the palette, which may have fewer; overwritten by the next row
     */
    void row(int y, byte[] colours) throws IOException;
  }

  private final ByteSource in;
  private final int width;
  private final int height;
  private final boolean interlaced;
  private final Rows rows;
  private final byte[] block = new byte[255];
  private long next;
  private int blockAt;
  private int blockEnd;
  private long used;
  private int bits;
  private int bitCount;
  private final byte[] row;
  private int column;
  private int done;
  private int pass;
  private int y;

  private GifPixels(ByteSource in, GifBlocks frame, Rows rows) throws IOException, MediaException {
    this.in = in;
    this.width = frame.width();
    this.height = frame.height();
    this.interlaced = frame.isInterlaced();
    this.rows = rows;
    this.row = new byte[width];
    this.next = frame.data() + 1;
  }

  /**
   * Unpacks a frame.
   *
   * @param frame that a walk is at
   * @return how many of its packed bits were needed, the code that ends them included where there
   *     is one
   * @throws MediaException where there are fewer pixels than the frame should have
   */
  public static long unpack(ByteSource in, GifBlocks frame, Rows rows)
      throws IOException, MediaException {
    int colourBits = in.u8(frame.data());
    if (colourBits < 1 || colourBits > MAX_COLOUR_BITS) {
      throw in.invalid("pixels of %d bits".formatted(colourBits));
    }
    if (frame.width() == 0 || frame.height() == 0) {
      throw in.invalid("a frame without pixels");
    }
    return new GifPixels(in, frame, rows).unpack(colourBits);
  }

  private long unpack(int colourBits) throws IOException, MediaException {
    final int clear = 1 << colourBits;
    final int end = clear + 1;
    short[] prefixes = new short[MAX_CODES];
    byte[] suffixes = new byte[MAX_CODES];
    byte[] stack = new byte[MAX_CODES + 1];
    int codeBits = colourBits + 1;
    int free = end + 1;
    int before = -1;
    int first = 0;
    while (true) {
      int code = code(codeBits);
      if (code == end || (code < 0 && done == height)) {
        break;
      }
      if (done == height && code == clear && before >= 0) {
        // Some encoders write a clear code before the end code.
        codeBits = colourBits + 1;
        before = -1;
        continue;
      }
      if (done == height) {
        // More pixels than the frame has: they are not shown.
        used -= codeBits;
        break;
      }
      if (code == clear) {
        codeBits = colourBits + 1;
        free = end + 1;
        before = -1;
        continue;
      }
      if (code < 0 || code > free || (before < 0 && code > end)) {
        throw in.invalid("the pixels of a frame are damaged");
      }
      int depth = 0;
      int at = code;
      if (code == free) {
        stack[depth++] = (byte) first;
        at = before;
      }
      while (at > end) {
        stack[depth++] = suffixes[at];
        at = prefixes[at];
      }
      first = at;
      stack[depth++] = (byte) first;
      if (before >= 0 && free < MAX_CODES) {
        prefixes[free] = (short) before;
        suffixes[free] = (byte) first;
        free++;
        if (free == 1 << codeBits && codeBits < MAX_BITS) {
          codeBits++;
        }
      }
      before = code;
      while (depth > 0 && done < height) {
        row[column++] = stack[--depth];
        if (column == width) {
          endRow();
        }
      }
    }
    if (done < height) {
      throw in.invalid("the pixels of a frame are not all there");
    }
    return used;
  }

  private void endRow() throws IOException {
    rows.row(y, row);
    column = 0;
    done++;
    if (!interlaced) {
      y++;
      return;
    }
    y += PASSES[pass][1];
    while (y >= height && pass < PASSES.length - 1) {
      pass++;
      y = PASSES[pass][0];
    }
  }

  /** The next code; -1 where there is none. */
  private int code(int length) throws IOException, MediaException {
    while (bitCount < length) {
      if (blockAt == blockEnd && !nextBlock()) {
        return -1;
      }
      bits |= (block[blockAt++] & 0xFF) << bitCount;
      bitCount += 8;
    }
    int code = bits & ((1 << length) - 1);
    bits >>>= length;
    bitCount -= length;
    used += length;
    return code;
  }

  private boolean nextBlock() throws IOException, MediaException {
    int length = in.has(next, 1) ? in.u8(next) : 0;
    if (length == 0) {
      return false;
    }
    int there = (int) Math.min(length, in.size() - next - 1);
    for (int got = 0; got < there; ) {
      got += in.read(next + 1 + got, block, got, there - got);
    }
    next += 1 + there;
    blockAt = 0;
    blockEnd = there;
    return there > 0;
  }
}
