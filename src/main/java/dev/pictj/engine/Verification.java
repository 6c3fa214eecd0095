package dev.pictj.engine;

import dev.pictj.media.Dimensions;
import dev.pictj.media.Preview;
import dev.pictj.media.VerifiedBy;
import java.util.Optional;

/**
 * What a decoder found.
 *
 * @param dimensions of the largest frame as stored, before any turning
 * @param frames decoded
 * @param clean false when the decoder warned: readable, but to be written anew before it is stored
 * @param by who found it
 * @param preview of the pixels, where they gave one on the way
 */
public record Verification(
    Dimensions dimensions, int frames, boolean clean, VerifiedBy by, Optional<Preview> preview) {
  /** A verification that gave no preview. */
  public Verification(Dimensions dimensions, int frames, boolean clean, VerifiedBy by) {
    this(dimensions, frames, clean, by, Optional.empty());
  }
}
