package dev.pictj.media;

import java.util.Optional;

/**
 * What is shown in place of a picture until it is there, made of a tiny copy of it.
 *
 * @param blurhash a text of some 30 characters that clients make a blurred picture of
 * @param facts what else the copy tells; empty where an older version has made the preview
 */
public record Preview(String blurhash, Optional<Facts> facts) {
  /** One as older versions made them. */
  public Preview(String blurhash) {
    this(blurhash, Optional.empty());
  }
}
