package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pictj.media.Dimensions;
import java.lang.foreign.MemorySegment;

/**
 * One of the numbers that each pixel of a picture has, a byte each.
 *
 * @param size columns and rows
 * @param stride bytes from the beginning of a row to that of the next; at least the columns
 * @param samples all rows, in native memory
 */
record Plane(Dimensions size, int stride, MemorySegment samples) {
  /**
   * Repeats the last column and the last row where a coder takes one more than there are.
   *
   * @param columns after that; at most the stride
   * @param rows after that; at most those that there is memory for
   */
  void stretch(int columns, int rows) {
    int width = size.width();
    int height = size.height();
    if (columns > width) {
      for (int y = 0; y < height; y++) {
        long row = (long) y * stride;
        byte last = samples.get(JAVA_BYTE, row + width - 1);
        samples.asSlice(row + width, columns - width).fill(last);
      }
    }
    long last = (long) (height - 1) * stride;
    for (int y = height; y < rows; y++) {
      MemorySegment.copy(samples, last, samples, (long) y * stride, columns);
    }
  }
}
