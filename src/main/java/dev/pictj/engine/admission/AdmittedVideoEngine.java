package dev.pictj.engine.admission;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.VideoEngine;
import dev.pictj.media.MediaException;
import dev.pictj.media.Probed;
import java.nio.file.Path;

/**
 * A video engine that works only as much as admission allows; all methods may throw {@link
 * dev.pictj.engine.OverloadedException}.
 */
public final class AdmittedVideoEngine implements VideoEngine {
  /**
   * The cost of a video's first frame: the video is within the limits, and few frames are decoded.
   */
  private static final JobCost FIRST_FRAME = new JobCost(64L << 20, 4_000_000);

  private final VideoEngine engine;
  private final ImageAdmission admission;
  private final long mostWork;

  /**
   * Puts admission before an engine.
   *
   * @param mostWork of one job; what is predicted to be more is refused at once
   */
  public AdmittedVideoEngine(VideoEngine engine, ImageAdmission admission, long mostWork) {
    this.engine = engine;
    this.admission = admission;
    this.mostWork = mostWork;
  }

  @Override
  public void store(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    admitted(whole(probed), () -> engine.store(source, probed, output));
  }

  @Override
  public void toApng(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    admitted(whole(probed), () -> engine.toApng(source, probed, output));
  }

  @Override
  public void toAvif(Path apng, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    admitted(whole(probed), () -> engine.toAvif(apng, probed, output));
  }

  @Override
  public void firstFrame(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    admitted(FIRST_FRAME, () -> engine.firstFrame(source, probed, output));
  }

  /** Work on a video. */
  @FunctionalInterface
  private interface Work {
    void run() throws MediaException, EngineException, InterruptedException;
  }

  private JobCost whole(Probed probed) throws MediaException {
    return PredictedCost.video(probed).requireAtMost(mostWork);
  }

  private void admitted(JobCost cost, Work work)
      throws MediaException, EngineException, InterruptedException {
    try (var permit = admission.admit(cost)) {
      work.run();
      permit.finished();
    }
  }
}
