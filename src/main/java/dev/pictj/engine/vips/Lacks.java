package dev.pictj.engine.vips;

import dev.pictj.media.MediaType;
import java.util.Map;

/**
 * What an installed libvips cannot do, by format: the missing part, and the package that has it.
 *
 * @param reading why files of a format cannot be read
 * @param writing why they cannot be written
 */
public record Lacks(Map<MediaType, String> reading, Map<MediaType, String> writing) {
  /** A libvips that can do everything. */
  public static final Lacks NOTHING = new Lacks(Map.of(), Map.of());

  /** Keeps unmodifiable copies of the maps. */
  public Lacks {
    reading = Map.copyOf(reading);
    writing = Map.copyOf(writing);
  }
}
