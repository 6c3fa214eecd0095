package dev.pictj.media;

import java.util.Optional;

/**
 * What clients show in place of a picture until they have it, made of a tiny copy.
 *
 * @param blurhash a text of some 30 characters that clients make a blurred picture of
 * @param facts what else the copy tells; empty where an older version has made the preview
 */
public record Preview(String blurhash, Optional<Facts> facts) {
  /** A preview without facts, which older versions made. */
  public Preview(String blurhash) {
    this(blurhash, Optional.empty());
  }
}
