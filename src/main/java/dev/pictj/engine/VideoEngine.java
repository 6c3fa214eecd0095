package dev.pictj.engine;

import dev.pictj.media.MediaException;
import dev.pictj.media.Probed;
import java.nio.file.Path;

/**
 * Turns moving pictures into videos that browsers play. The rules of {@link ImageEngine} for
 * blocking, limits and errors hold.
 */
public interface VideoEngine {
  /**
   * Writes a video as it is to be stored, by {@link VideoRules}: its coded pictures are copied
   * where the rules allow that, and encoded otherwise; index at the front, no metadata. A GIF
   * becomes MP4: H.264, yuv420p, sides rounded down to even numbers (never below 2), its
   * transparent parts white.
   *
   * @throws MediaException {@code UNSUPPORTED} when the tool is not installed
   */
  void store(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException;

  /**
   * Writes all frames of an animation that is coded like a video, an AVIF, as an animated PNG, with
   * their times and plays.
   */
  void toApng(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException;

  /** Writes an animated PNG as an animated AVIF, with its times and plays. */
  void toAvif(Path apng, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException;

  /**
   * Writes the first frame of a stored video, or of an animation that is coded like one, as an
   * upright PNG with square pixels, in the colours that a screen shows: sRGB, 8 bits, HDR
   * tone-mapped.
   *
   * @throws MediaException {@code UNSUPPORTED} when its colours are of a kind that the installed
   *     tool cannot convert
   */
  void firstFrame(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException;
}
