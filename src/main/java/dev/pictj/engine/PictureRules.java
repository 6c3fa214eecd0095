package dev.pictj.engine;

import dev.pictj.media.Limits;
import java.time.Duration;

/**
 * What holds for every picture, whichever engine has it.
 *
 * @param limits of its size; they are asked once more, for imported files may never have been
 *     judged
 * @param timeout of verifying it, and of each rendering
 * @param effort of the encoders
 * @param fastCodecs whether codecs of {@code dev.pictj.codec} may do what they are faster at
 */
public record PictureRules(
    Limits limits, Duration timeout, EncoderEffort effort, boolean fastCodecs) {
  /** With fast codecs. */
  public PictureRules(Limits limits, Duration timeout, EncoderEffort effort) {
    this(limits, timeout, effort, true);
  }
}
