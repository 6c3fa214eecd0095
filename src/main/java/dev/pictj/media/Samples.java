package dev.pictj.media;

import java.util.Optional;

/**
 * What the header of a still says about the numbers that its pixels are made of.
 *
 * @param coded the largest picture that a decoder has to hold for it, before it is cut or turned
 * @param depth bits of a number
 * @param alpha whether pixels may be transparent
 * @param premultiplied whether colours are written multiplied by it
 * @param grey whether pixels are grey alone
 * @param meaning of the numbers as colours, where the header says it in code points
 * @param profile an ICC profile, empty where there is none in reach
 */
public record Samples(
    Dimensions coded,
    int depth,
    boolean alpha,
    boolean premultiplied,
    boolean grey,
    Optional<VideoTrack.Colours> meaning,
    Profile profile) {
  /** Where an ICC profile is. */
  public sealed interface Profile {
    /** Nowhere. */
    record None() implements Profile {}

    /** These bytes of the file. */
    record At(long at, int length) implements Profile {}

    /** Within the coded picture, so that only its decoder knows it. */
    record Coded() implements Profile {}
  }

  /** More than eight bits. */
  public boolean deep() {
    return depth > 8;
  }
}
