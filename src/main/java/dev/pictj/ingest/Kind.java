package dev.pictj.ingest;

import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Probed;

/** The kinds of media that a request may refuse. */
public enum Kind {
  /** A still. */
  IMAGE("images"),
  /** What moves and is no video. */
  ANIMATION("animations"),
  /** A video. */
  VIDEO("videos");

  private final String inWords;

  Kind(String inWords) {
    this.inWords = inWords;
  }

  /** All of them, for messages. */
  String inWords() {
    return inWords;
  }

  static Kind of(Probed header) {
    if (header.type().has(Trait.VIDEO)) {
      return VIDEO;
    }
    return header.animated() || header.type().has(Trait.MOVING) ? ANIMATION : IMAGE;
  }
}
