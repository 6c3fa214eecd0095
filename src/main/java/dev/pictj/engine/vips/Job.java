package dev.pictj.engine.vips;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.util.List;

/**
 * All that is to be known to make one picture of another's bytes.
 *
 * @param type of the source: JPEG, PNG or WebP
 * @param stored size of the source's pixels
 * @param orientation what must be done to them to be upright
 * @param steps applied after that, in order
 * @param target JPEG, PNG or WebP
 */
record Job(
    MediaType type,
    Dimensions stored,
    Orientation orientation,
    List<RenderStep> steps,
    MediaType target,
    Encoding encoding) {
  Job {
    steps = List.copyOf(steps);
  }

  /** Whether the result keeps a number of colour for four pixels, and so needs no more of it. */
  boolean halvesColour() {
    return switch (target) {
      case JPEG -> new JpegTraits(encoding.jpegQuality(), encoding.jpegChroma()).quarterOfColour();
      case WEBP -> !encoding.lossless();
      case PNG, GIF, MP4, QUICKTIME -> false;
    };
  }

  /** By how much the decoder shrinks already. JPEG knows 2, 4 and 8. */
  double shrinkOnLoad() {
    double most =
        ShrinkOnLoad.least(steps, orientation)
            .map(
                least ->
                    Math.min(
                        (double) stored.width() / least.width(),
                        (double) stored.height() / least.height()))
            .orElse(1.0);
    if (type == MediaType.JPEG) {
      return most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : 1;
    }
    return most >= 1.5 ? most : 1;
  }
}
