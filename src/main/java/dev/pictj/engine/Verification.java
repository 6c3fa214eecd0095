package dev.pictj.engine;

import dev.pictj.media.Dimensions;

/**
 * What a decoder found.
 *
 * @param dimensions of the largest frame as stored, before any turning
 * @param frames decoded
 * @param clean false when the decoder warned: readable, but to be written anew before it is stored
 */
public record Verification(Dimensions dimensions, int frames, boolean clean) {}
