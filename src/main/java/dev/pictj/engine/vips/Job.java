package dev.pictj.engine.vips;

import dev.pictj.engine.RenderStep;
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
}
