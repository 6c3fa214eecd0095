package dev.pictj.engine.admission;

import dev.pictj.engine.CodedLengths;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.Verification;
import dev.pictj.media.MediaException;
import dev.pictj.media.Probed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An engine that works only as much as admission allows; every method may throw {@link
 * dev.pictj.engine.OverloadedException}.
 */
public final class AdmittedImageEngine implements ImageEngine {
  private final ImageEngine engine;
  private final ImageAdmission admission;
  private final long mostWork;

  /**
   * Puts admission before an engine.
   *
   * @param mostWork of one job; what is predicted to be more is refused at once
   */
  public AdmittedImageEngine(ImageEngine engine, ImageAdmission admission, long mostWork) {
    this.engine = engine;
    this.admission = admission;
    this.mostWork = mostWork;
  }

  @Override
  public Verification verify(Path source, Probed probed, Duration atMost)
      throws MediaException, EngineException, InterruptedException {
    try (var permit = admit(PredictedCost.verify(probed))) {
      Verification found = engine.verify(source, probed, atMost);
      permit.finished();
      return found;
    }
  }

  @Override
  public void render(RenderRequest request, Path output)
      throws MediaException, EngineException, InterruptedException {
    try (var permit =
        admit(PredictedCost.render(request.probed(), request.steps(), request.target()))) {
      engine.render(request, output);
      permit.finished();
    }
  }

  /** What decodes like {@link #verify}, admitted like that. */
  public CodedLengths admitted(CodedLengths lengths) {
    return (webp, probed) -> {
      try (var permit = admit(PredictedCost.verify(probed))) {
        Optional<List<Long>> found = lengths.of(webp, probed);
        permit.finished();
        return found;
      }
    };
  }

  private ImageAdmission.Permit admit(JobCost cost) throws MediaException, InterruptedException {
    return admission.admit(cost.requireAtMost(mostWork));
  }
}
