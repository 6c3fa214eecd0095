package dev.pictj.engine;

/**
 * How hard encoders try to write a small file, where that does not change how it looks.
 *
 * @param webp 0 (fast) to 6 (small)
 * @param png 0 (fast) to 9 (small)
 */
public record EncoderEffort(int webp, int png) {
  /** Quick ones: each further step costs much more time than it saves bytes. */
  public static final EncoderEffort USUAL = new EncoderEffort(2, 4);
}
