package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;

/**
 * A decoded picture, and the profile that its numbers are to be understood by.
 *
 * @param bands 1 for grey, 3 for red, green and blue, 4 with alpha
 * @param samples row by row, without gaps
 * @param profile the ICC profile that a file names its colours by; empty when it has none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Raster(Dimensions size, int bands, byte[] samples, byte[] profile) {}
