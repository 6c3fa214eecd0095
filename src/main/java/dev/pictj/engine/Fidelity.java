package dev.pictj.engine;

import dev.pictj.engine.metadata.JpegTraits;

/** How true to its pixels a result is written. */
public sealed interface Fidelity {
  /**
   * The quality that suits the source and the settings: a JPEG of a JPEG keeps its quality unless
   * {@code --jpeg-quality} is set, and other formats have the quality of their setting.
   */
  Fidelity USUAL = new Usual();

  /** The type of {@link #USUAL}. */
  record Usual() implements Fidelity {}

  /** A JPEG is written like this, whatever the source is; nothing else changes. */
  record Jpeg(JpegTraits traits) implements Fidelity {}

  /**
   * A JPEG is written as suits another source than it is made from, unless the administrator has
   * set a quality; nothing else changes.
   */
  record Suited(JpegTraits traits) implements Fidelity {}

  /** A WebP is written without loss, and quickly rather than small; nothing else changes. */
  record Lossless() implements Fidelity {}
}
