package dev.pictj.engine.vips;

import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.util.Optional;

/**
 * Everything that must be known to find out whether a picture is sound.
 *
 * @param type of the file: any format that {@link StrictDecoding} decodes
 * @param stored size of its pixels, as its header has it
 * @param frames 1 for a still
 * @param copy size of a small copy in sRGB that is wanted too; only of a still PNG
 */
public record Check(MediaType type, Dimensions stored, int frames, Optional<Dimensions> copy) {
  /** A check that makes no copy. */
  public Check(MediaType type, Dimensions stored, int frames) {
    this(type, stored, frames, Optional.empty());
  }
}
