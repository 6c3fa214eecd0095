package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.media.Dimensions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A picture that is decoded already.
 *
 * @param bands 1 for grey, 3 for red, green and blue; one more with alpha
 * @param samples row by row, without gaps; in place until the pictures made of it are closed
 * @param profile its ICC profile; empty when it has none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Pixels(Dimensions size, int bands, MemorySegment samples, byte[] profile) {
  /** The pixels of a raster, copied to native memory for libvips. */
  static Pixels of(Raster raster, Arena arena) {
    return new Pixels(
        raster.size(),
        raster.bands(),
        arena.allocateFrom(ValueLayout.JAVA_BYTE, raster.samples()),
        raster.profile());
  }

  /** A copy on the heap, which outlives the native memory. */
  Raster raster() {
    return new Raster(size, bands, samples.toArray(ValueLayout.JAVA_BYTE), profile);
  }
}
