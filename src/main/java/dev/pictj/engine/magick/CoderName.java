package dev.pictj.engine.magick;

import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaType;
import java.nio.file.Path;
import java.util.Locale;

/** How files are named to ImageMagick, so that it guesses nothing. */
final class CoderName {
  /** Characters that ImageMagick expands in file names. */
  private static final String EXPANDED = "%[]{}*?";

  private CoderName() {}

  /** ImageMagick's name of a format, which is ours. */
  static String of(MediaType type) {
    // ImageMagick reads of an animated PNG the picture that readers of plain PNG see.
    return type.plain(false).name().toLowerCase(Locale.ROOT);
  }

  /** The absolute path, escaped so that ImageMagick takes it for this file and no other. */
  static Path safe(Path path) throws EngineException {
    Path absolute = path.toAbsolutePath();
    requireSafe(absolute);
    return absolute;
  }

  static void requireSafe(Path path) throws EngineException {
    if (path.toString().chars().anyMatch(c -> EXPANDED.indexOf(c) >= 0)) {
      throw new EngineException(
          "ImageMagick cannot be given a path with one of " + EXPANDED + ": " + path);
    }
  }
}
