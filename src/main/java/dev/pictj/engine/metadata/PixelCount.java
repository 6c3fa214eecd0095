package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the pixels of one PNG frame into nothing, counting: memory does not grow with what a
 * file claims or holds, and inflating stops one byte after too many.
 */
final class PixelCount implements AutoCloseable {
  private final Input in;
  private final long expected;
  private final Inflater inflater = new Inflater();
  private final byte[] sink = new byte[32_768];
  private long count;
  private boolean sound = true;

  PixelCount(Input in, long expected) {
    this.in = in;
    this.expected = expected;
  }

  /** Takes the next compressed bytes. */
  void add(byte[] compressed, int length) throws MediaException {
    if (inflater.finished()) {
      sound &= length == 0;
      return;
    }
    inflater.setInput(compressed, 0, length);
    try {
      while (!inflater.needsInput() && !inflater.finished()) {
        int room = (int) Math.min(sink.length, expected + 1 - count);
        int some = inflater.inflate(sink, 0, room);
        count += some;
        if (count > expected) {
          throw in.invalid("it holds more pixels than its header says");
        }
        if (some == 0 && inflater.needsDictionary()) {
          throw in.invalid("its pixels cannot be unpacked");
        }
      }
      // Bytes behind the compressed stream show nothing, but would be stored.
      sound &= !inflater.finished() || inflater.getRemaining() == 0;
    } catch (DataFormatException e) {
      if (count < expected) {
        throw in.invalid("its pixels cannot be unpacked");
      }
      // All pixels are there and only the checksum is wrong.
      sound = false;
    }
  }

  /** Checks that the frame is complete and tells whether its stream is sound. */
  boolean finish() throws MediaException {
    if (count < expected) {
      throw in.invalid("it holds fewer pixels than its header says");
    }
    return sound && inflater.finished();
  }

  @Override
  public void close() {
    inflater.end();
  }
}
