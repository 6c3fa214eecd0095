package dev.pictj.media;

import java.util.Optional;

/**
 * What the header of a still says about the samples of its pixels.
 *
 * @param coded the largest picture that a decoder has to hold for it, before it is cut or turned
 * @param depth bits of a sample
 * @param alpha whether pixels may be transparent
 * @param premultiplied whether colours are multiplied by alpha
 * @param grey whether pixels are grey alone
 * @param meaning the colour space, where the header names it by code points
 * @param profile an ICC profile, empty where there is none in reach
 */
public record Samples(
    Dimensions coded,
    int depth,
    boolean alpha,
    boolean premultiplied,
    boolean grey,
    Optional<VideoTrack.Colours> meaning,
    ProfilePlace profile) {
  /** Where an ICC profile is. */
  public sealed interface ProfilePlace {
    /** There is no profile. */
    record None() implements ProfilePlace {}

    /** The profile is these bytes of the file. */
    record At(long at, int length) implements ProfilePlace {}

    /** The profile is within the coded picture, so that only its decoder can read it. */
    record Coded() implements ProfilePlace {}
  }

  /** Whether samples have more than eight bits. */
  public boolean deep() {
    return depth > 8;
  }
}
