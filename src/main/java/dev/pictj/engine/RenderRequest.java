package dev.pictj.engine;

import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.PictureHeader;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A picture that is to be made of another one.
 *
 * @param source a file whose header has been judged against the limits
 * @param probed what the header said
 * @param steps in order; may be empty
 * @param fidelity how true to its pixels the result is written
 */
public record RenderRequest(
    Path source, Probed probed, List<RenderStep> steps, MediaType target, Fidelity fidelity) {
  /**
   * Keeps an unmodifiable copy of the list. An animated PNG of one frame is a PNG, and written as
   * well as one.
   */
  public RenderRequest {
    steps = List.copyOf(steps);
    boolean moves = probed.animated() && probed.type().keepsFramesIn(target);
    target = target == MediaType.APNG && !moves ? MediaType.PNG : target;
  }

  /** How many frames the result has. */
  public int frames() {
    return probed.type().keepsFramesIn(target) ? probed.frames() : 1;
  }

  /** How the result is written where it is JPEG, as far as the administrator has set nothing. */
  JpegTraits jpegTraits() throws IOException {
    return switch (fidelity) {
      case Fidelity.Jpeg(JpegTraits wanted) -> wanted;
      case Fidelity.Suited(JpegTraits suited) -> suited;
      case Fidelity.Usual _, Fidelity.Lossless _ -> JpegTraits.forChildOf(source, probed.type());
    };
  }

  /** Whether the result is in sRGB, whatever the source says of its colours. */
  public boolean isSrgb() {
    return steps.contains(new RenderStep.ToSrgb());
  }

  /** Whether the result is written quickly rather than small. */
  public boolean isQuick() {
    return fidelity instanceof Fidelity.Lossless;
  }

  /**
   * Whether the result loses nothing where it is WebP: what had no loss and stays WebP gets none.
   */
  public boolean isLossless() throws IOException {
    return isQuick()
        || (steps.isEmpty()
            && target == MediaType.WEBP
            && probed.type() == MediaType.WEBP
            && PictureHeader.isLossless(source));
  }
}
