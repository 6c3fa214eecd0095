package dev.pictj.engine.vips;

import dev.pictj.engine.EncoderEffort;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Fidelity;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.Verification;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.child.Workplace;
import dev.pictj.engine.magick.MagickEngine;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The library, loaded once, and the engines that are compared. */
final class Engines {
  static final Limits LIMITS = new Limits(10_000, 10_000, 40_000_000, 50);

  private static final LibVips VIPS = load();

  private Engines() {}

  private static LibVips load() {
    try {
      return LibVips.load(_ -> {});
    } catch (UnavailableException e) {
      throw new IllegalStateException("libvips42 must be installed for this test", e);
    }
  }

  static LibVips vips() {
    return VIPS;
  }

  static MagickEngine magick(Path work) throws Exception {
    return MagickEngine.start(
        MagickTools.find(List.of(Path.of("/usr/bin"))),
        MagickLimits.defaults(),
        new PictureRules(LIMITS, Duration.ofSeconds(30), EncoderEffort.USUAL),
        new Workplace(work, Sandbox.none()));
  }

  static VipsEngine vips(ImageEngine reference, Duration timeout, long outputBytes) {
    return new VipsEngine(
        reference,
        new InProcess(VIPS, 2, timeout, outputBytes),
        Optional.empty(),
        new PictureRules(LIMITS, timeout, EncoderEffort.USUAL));
  }

  /** One that has nobody to fall back to. */
  static VipsEngine alone() {
    return vips(new Nobody(), Duration.ofSeconds(30), 1 << 30);
  }

  /** A reference engine that must not be needed. */
  static final class Nobody implements ImageEngine {
    @Override
    public Verification verify(Path source, Probed probed) throws EngineException {
      throw new EngineException("asked the reference engine to verify");
    }

    @Override
    public Verification verify(Path source, Probed probed, Duration atMost) throws EngineException {
      return verify(source, probed);
    }

    @Override
    public void convert(Path source, Probed probed, MediaType target, Path output)
        throws EngineException {
      throw new EngineException("asked the reference engine to convert");
    }

    @Override
    public void render(
        Path source,
        Probed probed,
        List<RenderStep> steps,
        MediaType target,
        Fidelity fidelity,
        Path output)
        throws EngineException {
      throw new EngineException("asked the reference engine to render");
    }
  }
}
