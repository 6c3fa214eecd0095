package dev.pictj.engine;

import dev.pictj.media.MediaException;
import dev.pictj.media.Probed;
import java.nio.file.Path;

/**
 * Turns moving pictures into silent MP4. The rules of {@link ImageEngine} for blocking, limits and
 * errors hold.
 */
public interface VideoEngine {
  /**
   * Transcodes GIF, MP4 or QuickTime to MP4: H.264, yuv420p, no sound, sides rounded down to even
   * numbers (never below 2), index at the front, no metadata. Transparent parts of a GIF become
   * white.
   *
   * @throws MediaException {@code UNSUPPORTED} when the tool is not installed
   */
  void toMp4(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException;

  /**
   * Writes the first frame of a stored MP4 as an upright PNG with square pixels, in the colours
   * that a screen shows: sRGB, 8 bits, HDR tone-mapped.
   *
   * @throws MediaException {@code UNSUPPORTED} when its colours are of a kind that the installed
   *     tool cannot convert
   */
  void firstFrame(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException;
}
