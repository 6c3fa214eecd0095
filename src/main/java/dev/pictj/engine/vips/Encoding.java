package dev.pictj.engine.vips;

import dev.pictj.engine.metadata.JpegTraits;

/**
 * How a result is written.
 *
 * @param jpegQuality 1 to 100, as libjpeg counts
 * @param jpegChroma how much of the colour a JPEG keeps
 * @param lossless whether a WebP is written without loss
 * @param webpEffort 0 (fast) to 6 (small)
 * @param pngLevel 0 (fast) to 9 (small)
 */
public record Encoding(
    int jpegQuality,
    JpegTraits.Chroma jpegChroma,
    boolean lossless,
    int webpEffort,
    int pngLevel) {}
