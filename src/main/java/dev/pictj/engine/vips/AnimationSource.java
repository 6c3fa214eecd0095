package dev.pictj.engine.vips;

import java.lang.foreign.MemorySegment;

/** An animation that is being decoded, each frame when it is asked for. */
interface AnimationSource extends AutoCloseable {
  /** How many frames there are. */
  int frames();

  /** How often it plays, 0 for ever. */
  int plays();

  /** The colour of its background, which viewers ignore. */
  default int background() {
    return 0;
  }

  /** Its ICC profile; empty when it has none. */
  byte[] profile();

  /** Whether any pixel of the canvas may be transparent at any time. */
  boolean isTransparent();

  /**
   * Decodes the next frame.
   *
   * @return the canvas with it, red, green, blue and alpha; overwritten by the next one
   * @throws VipsException when it is damaged
   */
  MemorySegment next() throws VipsException;

  /** How long the last one is shown. */
  int milliseconds();

  @Override
  void close();
}
