package dev.pictj.engine.vips;

import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.util.Optional;

/**
 * All that is to be known to find out whether a picture is sound.
 *
 * @param type of the file: JPEG, PNG or WebP
 * @param stored size of its pixels, as its header has it
 * @param frames 1 for a still
 * @param copy size of a small copy in sRGB that is wanted too; only of a still PNG or WebP
 */
public record Check(MediaType type, Dimensions stored, int frames, Optional<Dimensions> copy) {
  /** Without a copy. */
  public Check(MediaType type, Dimensions stored, int frames) {
    this(type, stored, frames, Optional.empty());
  }
}
