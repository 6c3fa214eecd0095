package dev.pictj.engine;

import dev.pictj.media.Dimensions;
import dev.pictj.media.VerifiedBy;

/**
 * What a decoder found.
 *
 * @param dimensions of the largest frame as stored, before any turning
 * @param frames decoded
 * @param clean false when the decoder warned: readable, but to be written anew before it is stored
 * @param by who found it
 */
public record Verification(Dimensions dimensions, int frames, boolean clean, VerifiedBy by) {}
