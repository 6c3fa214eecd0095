package dev.pictj.engine.vips;

import dev.pictj.media.Dimensions;
import java.lang.foreign.MemorySegment;

/**
 * A picture that is decoded already.
 *
 * @param bands 1 for grey, 3 for red, green and blue
 * @param samples row by row, without gaps; in place until the pictures made of it are closed
 * @param profile its ICC profile; empty when it has none
 */
@SuppressWarnings("ArrayRecordComponent")
record Pixels(Dimensions size, int bands, MemorySegment samples, byte[] profile) {}
