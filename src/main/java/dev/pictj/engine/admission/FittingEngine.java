package dev.pictj.engine.admission;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.Fidelity;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.PictureHeader;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Shrinks stills that are larger than what is stored may be, as long as that takes no more memory
 * and time than one job may have. Both are judged by the header, before anything is decoded.
 */
public final class FittingEngine {
  private final ImageEngine engine;
  private final long mostBytes;

  /**
   * Makes a shrinker that works by an engine.
   *
   * @param engine that knows no limits of sizes, but one of work
   * @param mostBytes of pixels that one job may hold
   */
  public FittingEngine(ImageEngine engine, long mostBytes) {
    this.engine = engine;
    this.mostBytes = mostBytes;
  }

  /**
   * Writes a still at a smaller size, upright and without metadata, as {@link ImageEngine#convert}
   * does.
   *
   * @param to its size, upright
   * @throws MediaException {@code TOO_EXPENSIVE} when it is too large for that
   */
  public void shrink(Path source, Probed probed, Dimensions to, MediaType target, Path output)
      throws MediaException, EngineException, InterruptedException {
    RenderRequest request =
        new RenderRequest(
            source,
            probed,
            List.of(new RenderStep.Shrink(to, RenderStep.Quality.CAREFUL)),
            target,
            fidelity(source, probed, target));
    long bytes = PredictedCost.render(probed, request.steps(), target).bytes();
    if (bytes > mostBytes) {
      throw new MediaException(
          Reason.TOO_EXPENSIVE,
          "Shrinking takes %d MiB of pixels, over the limit of %d MiB"
              .formatted(bytes >> 20, mostBytes >> 20));
    }
    engine.render(request, output);
  }

  /** Keeps lossless pictures lossless. */
  private static Fidelity fidelity(Path source, Probed probed, MediaType target)
      throws EngineException {
    try {
      return target == MediaType.WEBP
              && probed.type() == MediaType.WEBP
              && PictureHeader.isLossless(source)
          ? new Fidelity.Lossless()
          : Fidelity.USUAL;
    } catch (IOException e) {
      throw new EngineException("could not read a picture", e);
    }
  }
}
