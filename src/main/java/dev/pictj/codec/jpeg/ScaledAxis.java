package dev.pictj.codec.jpeg;

import java.util.Optional;

/**
 * How many samples are scaled to how many, across or down. Where chroma has half as many, both
 * numbers have to be even, or chroma would be scaled by another factor than luma. So a few more are
 * taken than there are, and made than are wanted, in the same ratio.
 *
 * @param from at least as many as can be seen in the result
 * @param to at least as many as are wanted
 */
record ScaledAxis(int from, int to) {
  private static final int MAX_ADDED_SAMPLES = 32;

  /**
   * How far the last sample that is wanted may be from its place, in samples of the result. Chroma
   * and luma are off by the same.
   */
  private static final double TOLERANCE = 0.35;

  /**
   * The nearest numbers.
   *
   * @param from how many there are; a decoder that shrinks may leave a fraction of one
   * @param to how many are wanted
   * @param fromStep 2 where chroma of the source has half as many, else 1
   * @param toStep 2 where chroma of the result has half as many, else 1
   * @return empty where all are too far off
   */
  static Optional<ScaledAxis> of(double from, int to, int fromStep, int toStep) {
    ScaledAxis best = null;
    double least = TOLERANCE;
    int first = Math.ceilDiv(to, toStep) * toStep;
    for (int more = first; more <= first + MAX_ADDED_SAMPLES && least > 0; more += toStep) {
      int near = (int) Math.rint(more * from / to / fromStep) * fromStep;
      double off = Math.abs(from * more / near - to);
      if (off < least) {
        least = off;
        best = new ScaledAxis(near, more);
      }
    }
    return Optional.ofNullable(best);
  }
}
