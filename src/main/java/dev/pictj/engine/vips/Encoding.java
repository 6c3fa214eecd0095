package dev.pictj.engine.vips;

import dev.pictj.engine.metadata.JpegTraits;

/**
 * How a result is written.
 *
 * @param quality 1 to 100, as the format's encoder counts
 * @param chroma the chroma subsampling of a JPEG
 * @param lossless whether a format that may lose detail loses none
 * @param effort 0 (fast) to what the format's encoder knows
 * @param depth bits of a sample: more than eight where the format can hold them
 */
public record Encoding(
    int quality, JpegTraits.Chroma chroma, boolean lossless, int effort, int depth) {
  /** Whether pixels have more than eight bits. */
  boolean deep() {
    return depth > 8;
  }
}
