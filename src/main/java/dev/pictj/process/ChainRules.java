package dev.pictj.process;

import java.util.Optional;
import java.util.Set;

/**
 * What a request may ask for.
 *
 * @param maxSide largest value of thumbnail and resize, in pixels
 * @param maxOperations operations in one request
 * @param maxCrop largest value of either side of a crop's ratio
 * @param maxSigma largest blur
 * @param rounding of sides that are worked out
 * @param lenient whether values are read as pict-rs reads them since 0.5: a side of 0 is one of 1,
 *     one that is too large changes nothing, and what stands behind a ratio says nothing; but a
 *     name in other letters is an error
 * @param whitelist operations that are permitted, empty for all; others are left out silently
 */
public record ChainRules(
    int maxSide,
    int maxOperations,
    int maxCrop,
    int maxSigma,
    Rounding rounding,
    boolean lenient,
    Optional<Set<String>> whitelist) {
  /** Whether an operation is carried out where it is asked for. */
  public boolean permits(String name) {
    return whitelist.map(set -> set.contains(name)).orElse(true);
  }
}
