package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the pixels of one PNG frame to count them and to look at their rows. Memory does not
 * grow with what a file claims or holds, and inflating stops one byte after too many.
 */
final class PngPixels implements AutoCloseable {
  /** The field of the largest window: its binary logarithm less 8 (RFC 1950, 2.2). */
  private static final int MAX_WINDOW = 7;

  private final ByteSource in;
  private final long expected;
  private final PngRows rows;
  private final OutputStream inflated;
  private final Inflater inflater = new Inflater();
  private final byte[] buffer = new byte[32_768];
  private long count;
  private boolean begun;
  private boolean broken;
  private boolean sound = true;

  /**
   * Prepares to inflate the pixels of a frame.
   *
   * @param expected how many bytes there are to be, with those of the filters
   * @param inflated takes them; closed with this
   */
  PngPixels(ByteSource in, long expected, PngRows rows, OutputStream inflated) {
    this.in = in;
    this.expected = expected;
    this.rows = rows;
    this.inflated = inflated;
  }

  /** Takes the next compressed bytes. */
  void add(byte[] compressed, int length) throws IOException, MediaException {
    if (!begun && length > 0) {
      begun = true;
      // Some readers reserve the announced window only, and fail on streams that reach back
      // further.
      int window = compressed[0] >> 4 & 15;
      sound &= window >= MAX_WINDOW || expected <= 256L << window;
    }
    if (broken || inflater.finished()) {
      sound &= length == 0;
      return;
    }
    inflater.setInput(compressed, 0, length);
    while (!inflater.needsInput() && !inflater.finished()) {
      int some = inflate();
      if (count + some > expected) {
        throw in.invalid("it holds more pixels than its header says");
      }
      rows.add(buffer, some);
      inflated.write(buffer, 0, some);
      count += some;
      if (broken || (some == 0 && inflater.needsDictionary())) {
        if (!isWhole()) {
          throw in.invalid("its pixels cannot be unpacked");
        }
        return;
      }
    }
    // Bytes behind the compressed stream show nothing, but would be stored.
    sound &= !inflater.finished() || inflater.getRemaining() == 0;
  }

  /** A wrong checksum is found in the same call that gives the last pixels. */
  private int inflate() {
    try {
      return inflater.inflate(buffer, 0, (int) Math.min(buffer.length, expected + 1 - count));
    } catch (DataFormatException e) {
      broken = true;
      return (int) (inflater.getBytesWritten() - count);
    }
  }

  /** Whether all pixels have come. */
  boolean isWhole() {
    return count == expected;
  }

  /** Whether the checksum of the pixels (RFC 1950, 2.2: ADLER32) says that they are right. */
  boolean isProven() {
    return inflater.finished();
  }

  /** Checks that the frame is complete and tells whether its stream is sound. */
  boolean finish() throws MediaException {
    if (!isWhole()) {
      throw in.invalid("it holds fewer pixels than its header says");
    }
    return sound && isProven();
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    inflated.close();
  }
}
