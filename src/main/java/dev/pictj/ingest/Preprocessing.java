package dev.pictj.ingest;

import dev.pictj.engine.AnimationRenderer;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Does operations to a picture that is fit for storing, and keeps its format: so its engine sees
 * nothing that process would not see, and frames stay where the engine can keep them.
 *
 * @param images renders what is verified
 * @param trusted by whom it must have been
 * @param unverified renders all else
 * @param videos decodes and encodes frames that are coded like those of a video
 * @param failures of what cost too much: it is not done again for every request
 */
public record Preprocessing(
    ImageEngine images,
    Set<VerifiedBy> trusted,
    ImageEngine unverified,
    VideoEngine videos,
    FailureMemory failures,
    TempFolder temporary,
    CpuPool cpu) {
  private static final HeaderProbe PROBE = new HeaderProbe();

  /**
   * The result of the operations, or the same where they change nothing.
   *
   * @param normal closed when the result takes its place, or none does
   */
  Normal apply(Normal normal, Terms.StepsBySize operations) throws Exception {
    if (normal.probed().type().has(Trait.VIDEO)) {
      return normal;
    }
    List<RenderStep> steps = operations.on(normal.probed().dimensions());
    if (steps.isEmpty()) {
      return normal;
    }
    String work = "operations on %s: %s".formatted(normal.hash(), steps);
    try (TempFile before = normal.file()) {
      failures.requireNone(work);
      return rendered(normal, before, steps, work);
    }
  }

  private Normal rendered(Normal normal, TempFile before, List<RenderStep> steps, String work)
      throws Exception {
    MediaType type = normal.probed().type();
    TempFile file = temporary.next("operated");
    try {
      if (AnimationRenderer.isSequence(normal.probed())) {
        new AnimationRenderer(images, videos)
            .render(before.path(), normal.probed(), steps, type, file.path());
      } else {
        ImageEngine engine = trusted.contains(normal.verifiedBy()) ? images : unverified;
        engine.render(before.path(), normal.probed(), steps, type, file.path());
      }
      Probed probed = cpu.call(() -> PROBE.probeAgain(file.path())).as(type);
      String hash = cpu.call(() -> ContentHash.of(file.path()));
      // An engine has made the result of verified bytes, so it counts as verified.
      return new Normal(file, probed, hash, normal.verifiedBy(), Optional.empty());
    } catch (Throwable e) {
      failures.add(work, e);
      file.close();
      throw e;
    }
  }
}
