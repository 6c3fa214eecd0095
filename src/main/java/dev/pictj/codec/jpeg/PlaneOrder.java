package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;

/**
 * What JPEG is to be made of a JPEG plane by plane.
 *
 * @param stored size of the source
 * @param to size of the result, smaller on both sides
 * @param shrink of the decoder at most: 1, 2, 4 or 8
 * @param halvesChroma whether the decoder may leave half as many chroma samples as luma samples
 * @param quarterOfChroma whether the result is subsampled 4:2:0
 * @param quality 1 to 100, as libjpeg counts
 * @param maxBytes of memory that planes may take
 */
public record PlaneOrder(
    Dimensions stored,
    Dimensions to,
    int shrink,
    boolean halvesChroma,
    boolean quarterOfChroma,
    int quality,
    long maxBytes) {
  /** By how much the decoder shrinks: less where it would halve subsampled chroma once more. */
  int shrinkOf(ChromaSampling sampling) {
    boolean whole = sampling == ChromaSampling.WHOLE || sampling == ChromaSampling.GREY;
    return shrink == 1 || whole || halvesChroma ? shrink : shrink / 2;
  }

  /** The chroma subsampling of the result. */
  ChromaSampling sampling(ChromaSampling before) {
    if (before == ChromaSampling.GREY) {
      return before;
    }
    return quarterOfChroma ? ChromaSampling.QUARTER : ChromaSampling.WHOLE;
  }
}
