package dev.pictj.engine.vips;

import dev.pictj.engine.EncoderSettings;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.magick.MagickEngine;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.magick.UsualLimits;
import dev.pictj.media.Limits;
import dev.pictj.nativecode.UnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The library, loaded once, and the engines that are compared. */
public final class Engines {
  public static final Limits LIMITS = new Limits(10_000, 10_000, 40_000_000, 50);

  private static final LibVips VIPS = load();

  private Engines() {}

  private static LibVips load() {
    try {
      return LibVips.load(_ -> {});
    } catch (UnavailableException e) {
      throw new IllegalStateException("libvips42 must be installed for this test", e);
    }
  }

  public static String version() {
    return VIPS.version();
  }

  static LibVips vips() {
    return VIPS;
  }

  public static JobRunner runner() {
    return new JobRunner(VIPS);
  }

  public static MagickEngine magick(Path work) throws Exception {
    return MagickEngine.start(
        MagickTools.find(List.of(Path.of("/usr/bin"))),
        UsualLimits.ofMagick(),
        new PictureRules(LIMITS, Duration.ofSeconds(30), EncoderSettings.USUAL),
        new ChildRunner(work, Sandbox.none()));
  }

  public static VipsEngine vips(ImageEngine reference, Duration timeout, long outputBytes) {
    return new VipsEngine(
        reference,
        new InProcess(VIPS, 2, timeout, outputBytes),
        Optional.empty(),
        new PictureRules(LIMITS, timeout, EncoderSettings.USUAL));
  }

  /** One that has nobody to fall back to. */
  public static VipsEngine alone() {
    return vips(new Nobody(), Duration.ofSeconds(30), 1 << 30);
  }
}
