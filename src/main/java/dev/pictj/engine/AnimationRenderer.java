package dev.pictj.engine;

import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Probed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders animations whose frames are coded like those of a video, before or after: by way of
 * animated PNG.
 *
 * @param images does the steps
 * @param videos decodes and encodes
 */
public record AnimationRenderer(ImageEngine images, VideoEngine videos) {
  private static final HeaderProbe PROBE = new HeaderProbe();

  /** Whether its frames are coded like those of a video. */
  public static boolean isSequence(Probed probed) {
    return probed.animated() && probed.type().has(Trait.SEQUENCE);
  }

  /** Whether the frames of the result are coded like those of a video. */
  public static boolean becomesSequence(Probed probed, MediaType target) {
    return probed.animated() && probed.type().keepsFramesIn(target) && target.has(Trait.SEQUENCE);
  }

  /** Does what {@link ImageEngine#render} does, for animations. */
  public void render(
      Path source, Probed probed, List<RenderStep> steps, MediaType target, Path output)
      throws IOException, MediaException, EngineException, InterruptedException {
    if (isSequence(probed)) {
      Path frames = output.resolveSibling(output.getFileName() + ".unpacked");
      try {
        videos.toApng(source, probed, frames);
        render(frames, PROBE.probeAgain(frames), steps, target, output);
      } finally {
        Files.deleteIfExists(frames);
      }
    } else if (becomesSequence(probed, target)) {
      encode(source, probed, steps, output);
    } else {
      images.render(source, probed, steps, target, output);
    }
  }

  /** Adds a step to sRGB, because the result says nothing of its colours. */
  private void encode(Path source, Probed probed, List<RenderStep> asked, Path output)
      throws IOException, MediaException, EngineException, InterruptedException {
    List<RenderStep> steps = new ArrayList<>(asked);
    steps.add(new RenderStep.ToSrgb());
    Path frames = output.resolveSibling(output.getFileName() + ".frames");
    try {
      images.render(source, probed, steps, MediaType.ofFrames(), frames);
      videos.toAvif(frames, PROBE.probeAgain(frames), output);
    } finally {
      Files.deleteIfExists(frames);
    }
  }
}
