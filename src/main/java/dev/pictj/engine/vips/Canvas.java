package dev.pictj.engine.vips;

import dev.pictj.media.Dimensions;
import dev.pictj.nativecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What the frames of an animation are laid on, transparent at first: pixels of red, green, blue and
 * alpha. What is outside of it is cut off.
 */
final class Canvas implements AutoCloseable {
  private static final ValueLayout.OfInt PIXEL =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int OPAQUE = 255;

  private final Arena arena = Arena.ofConfined();
  private final Dimensions size;
  private final MemorySegment pixels;
  private @Nullable MemorySegment kept;
  private final int[] below;

  Canvas(Dimensions size) throws VipsException {
    this.size = size;
    this.pixels = allocate().fill((byte) 0);
    this.below = new int[size.width()];
  }

  private MemorySegment allocate() throws VipsException {
    return NativeMemory.allocate(4 * size.area(), arena)
        .orElseThrow(() -> new VipsException("no memory for a canvas"));
  }

  /** Red, green, blue and alpha, row by row. */
  MemorySegment pixels() {
    return pixels;
  }

  /** Keeps a copy of the canvas, for the disposal that restores it. */
  void keep() throws VipsException {
    if (kept == null) {
      kept = allocate();
    }
    kept.copyFrom(pixels);
  }

  /** Restores the canvas to the copy that was kept. */
  void restore() {
    if (kept != null) {
      pixels.copyFrom(kept);
    }
  }

  /** Makes a rectangle transparent. */
  void clear(int x, int y, Dimensions part) {
    int columns = Math.min(part.width(), size.width() - x);
    int rows = Math.min(part.height(), size.height() - y);
    for (int row = 0; columns > 0 && row < rows; row++) {
      pixels.asSlice(offset(x, y + row), 4L * columns).fill((byte) 0);
    }
  }

  private long offset(int x, int y) {
    return 4 * ((long) y * size.width() + x);
  }

  /**
   * Lays a row on it: what is wholly transparent leaves what is there, all else takes its place.
   */
  void lay(int x, int y, int... row) {
    int columns = Math.min(row.length, size.width() - x);
    if (columns <= 0 || y >= size.height()) {
      return;
    }
    MemorySegment.copy(pixels, PIXEL, offset(x, y), below, 0, columns);
    for (int i = 0; i < columns; i++) {
      if (row[i] != 0) {
        below[i] = row[i];
      }
    }
    MemorySegment.copy(below, 0, pixels, PIXEL, offset(x, y), columns);
  }

  /**
   * Lays pixels on it.
   *
   * @param from red, green, blue and alpha, row by row
   * @param overwrites rather than being blended with what is there
   */
  void lay(int x, int y, Dimensions part, MemorySegment from, boolean overwrites) {
    int columns = Math.min(part.width(), size.width() - x);
    int rows = Math.min(part.height(), size.height() - y);
    int[] above = new int[Math.max(0, columns)];
    for (int row = 0; columns > 0 && row < rows; row++) {
      long at = 4L * row * part.width();
      if (overwrites) {
        pixels.asSlice(offset(x, y + row), 4L * columns).copyFrom(from.asSlice(at, 4L * columns));
        continue;
      }
      MemorySegment.copy(from, PIXEL, at, above, 0, columns);
      MemorySegment.copy(pixels, PIXEL, offset(x, y + row), below, 0, columns);
      for (int i = 0; i < columns; i++) {
        below[i] = over(above[i], below[i]);
      }
      MemorySegment.copy(below, 0, pixels, PIXEL, offset(x, y + row), columns);
    }
  }

  /** W3C PNG third edition, 13.16: colours are not multiplied with alpha. */
  private static int over(int above, int below) {
    int a = above >>> 24;
    int b = below >>> 24;
    if (a == OPAQUE || b == 0) {
      return a == 0 ? below : above;
    }
    if (a == 0) {
      return below;
    }
    int part = a * OPAQUE;
    int rest = (OPAQUE - a) * b;
    int alpha = part + rest;
    int result = ((alpha + OPAQUE / 2) / OPAQUE) << 24;
    for (int shift = 0; shift < 24; shift += 8) {
      int mixed = (above >>> shift & 0xFF) * part + (below >>> shift & 0xFF) * rest;
      result |= ((mixed + alpha / 2) / alpha) << shift;
    }
    return result;
  }

  @Override
  public void close() {
    arena.close();
  }
}
