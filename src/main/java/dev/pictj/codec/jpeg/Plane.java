package dev.pictj.codec.jpeg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pictj.media.Dimensions;
import java.lang.foreign.MemorySegment;

/**
 * One component of all pixels of a picture, a byte each.
 *
 * @param size columns and rows
 * @param stride bytes from the beginning of a row to that of the next; at least the columns
 * @param samples all rows, in native memory
 */
record Plane(Dimensions size, int stride, MemorySegment samples) {
  /** Repeats the last column and the last row of a part at the top left up to the other edges. */
  void fillAround(Dimensions part) {
    int width = size.width();
    int more = width - part.width();
    for (int y = 0; more > 0 && y < part.height(); y++) {
      long end = (long) y * stride + part.width();
      samples.asSlice(end, more).fill(samples.get(JAVA_BYTE, end - 1));
    }
    long last = (long) (part.height() - 1) * stride;
    for (int y = part.height(); y < size.height(); y++) {
      MemorySegment.copy(samples, last, samples, (long) y * stride, width);
    }
  }
}
