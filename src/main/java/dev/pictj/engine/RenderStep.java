package dev.pictj.engine;

import dev.pictj.media.Dimensions;

/**
 * One operation on pixels with every number worked out beforehand, so that an engine does no
 * arithmetic of its own.
 */
public sealed interface RenderStep {
  /** Shrinks to exactly this size by point sampling, or by anything that looks at least as good. */
  record Sample(Dimensions to) implements RenderStep {}

  /**
   * Shrinks to exactly this size as {@link Sample} does, but with more care: for what is shrunk
   * once more, before or after.
   */
  record Average(Dimensions to) implements RenderStep {}

  /** Shrinks to exactly this size with a Lanczos2 filter. */
  record Resize(Dimensions to) implements RenderStep {}

  /** Keeps the rectangle of this size whose upper left corner is at x, y. */
  record Crop(Dimensions to, int x, int y) implements RenderStep {}

  /** Gaussian blur; sigma is in pixels, above 0 and at most 100. */
  record Blur(double sigma) implements RenderStep {}
}
