package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import java.util.Optional;

/**
 * How the planes of a JPEG become those of a smaller one: its decoder shrinks, the filter does the
 * rest.
 *
 * @param stored size of the picture
 * @param shrink of the decoder: 1, 2, 4 or 8
 */
record PlaneScaling(Dimensions stored, int shrink, ScaledAxis across, ScaledAxis down) {
  /**
   * With as much shrinking by the decoder as an order allows, or less where that brings the samples
   * nearer to their places.
   *
   * @param before the chroma subsampling of the source
   * @param after that of the result
   * @return empty where all of that is too far off
   */
  static Optional<PlaneScaling> of(PlaneOrder order, ChromaSampling before, ChromaSampling after) {
    Dimensions stored = order.stored();
    Dimensions to = order.to();
    for (int shrink = order.shrinkOf(before); shrink >= 1; shrink /= 2) {
      Optional<ScaledAxis> across =
          ScaledAxis.of(
              (double) stored.width() / shrink, to.width(), before.columns, after.columns);
      Optional<ScaledAxis> down =
          ScaledAxis.of((double) stored.height() / shrink, to.height(), before.rows, after.rows);
      if (across.isPresent() && down.isPresent()) {
        return Optional.of(new PlaneScaling(stored, shrink, across.get(), down.get()));
      }
    }
    return Optional.empty();
  }

  /** The size of the picture that the decoder makes. */
  Dimensions decoded() {
    return new Dimensions(
        Math.ceilDiv(stored.width(), shrink), Math.ceilDiv(stored.height(), shrink));
  }

  /** The part of the decoded planes that shows the picture; the rest fills up the last blocks. */
  Dimensions seen() {
    return new Dimensions(
        (2 * stored.width() + shrink) / (2 * shrink),
        (2 * stored.height() + shrink) / (2 * shrink));
  }

  /** The size of the picture that the filter takes. */
  Dimensions taken() {
    return new Dimensions(across.from(), down.from());
  }

  /** The size that there must be memory for. */
  Dimensions room() {
    Dimensions decoded = decoded();
    return new Dimensions(
        Math.max(decoded.width(), across.from()), Math.max(decoded.height(), down.from()));
  }

  /** What the filter makes, the result at the top left of it. */
  Dimensions made() {
    return new Dimensions(across.to(), down.to());
  }
}
