package dev.pictj.engine.magick;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.Verification;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildLimits;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.OutputFile;
import dev.pictj.engine.metadata.Colours;
import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.engine.metadata.PngColours;
import dev.pictj.engine.metadata.WebpAnimation;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Verifies, converts and renders by one ImageMagick process per call. */
public final class MagickEngine implements ImageEngine {
  private final MagickTools tools;
  private final PictureRules rules;
  private final Path folder;
  private final ChildRunner runner;
  private final ChildLimits childLimits;
  private final MetadataStripper stripper = new MetadataStripper();

  private MagickEngine(
      MagickTools tools,
      PictureRules rules,
      Path folder,
      ChildRunner runner,
      ChildLimits childLimits) {
    this.tools = tools;
    this.rules = rules;
    this.folder = folder;
    this.runner = runner;
    this.childLimits = childLimits;
  }

  /**
   * Writes the policy and makes an engine.
   *
   * @param limits of one process, beside the time it may take
   * @param runner in whose folder one named {@code magick} is made for the policy and for the temp
   *     files of running processes
   * @throws EngineException when the folder cannot be written, or has a name that ImageMagick would
   *     expand
   */
  public static MagickEngine start(
      MagickTools tools, MagickLimits limits, PictureRules rules, ChildRunner runner)
      throws EngineException {
    Path folder = runner.folder().resolve("magick");
    CoderName.requireSafe(folder);
    ChildRunner inner = runner.in("magick");
    try {
      MagickPolicy.write(folder, limits, rules.limits(), rules.timeout());
      Files.write(srgbProfile(folder), ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData());
    } catch (IOException e) {
      throw new EngineException("could not prepare " + folder, e);
    }
    return new MagickEngine(tools, rules, folder, inner, limits.of(rules.timeout()));
  }

  @Override
  public Verification verify(Path source, Probed probed, Duration atMost)
      throws MediaException, EngineException, InterruptedException {
    requireKnown(probed.type());
    rules.limits().check(probed, probed.dimensions(), probed.frames());
    String frames = probed.type() == MediaType.GIF && !probed.animated() ? "[0]" : "";
    ChildResult result =
        run(
            source,
            List.of(
                CoderName.of(probed.type()) + ":" + CoderName.safe(source) + frames,
                "-format",
                DecodedFrames.FORMAT,
                "info:-"),
            List.of(),
            atMost.compareTo(childLimits.timeout()) < 0
                ? childLimits.withTimeout(atMost)
                : childLimits);
    MagickVerdict.require(result);
    DecodedFrames decoded = DecodedFrames.parse(result.output());
    decoded.requireAsClaimed(probed);
    rules.limits().check(probed, decoded.dimensions(probed), decoded.count());
    return new Verification(
        decoded.dimensions(probed),
        decoded.count(),
        MagickVerdict.clean(result),
        VerifiedBy.REFERENCE);
  }

  @Override
  public void render(RenderRequest request, Path output)
      throws MediaException, EngineException, InterruptedException {
    Path source = request.source();
    Probed probed = request.probed();
    MediaType target = request.target();
    requireKnown(probed.type());
    requireKnown(target);
    // Imported files may never have been checked against the limits.
    rules.limits().check(probed, probed.dimensions(), request.frames());
    if (request.frames() > 1 && (probed.type() != MediaType.WEBP || target != MediaType.WEBP)) {
      // Its frames may come from, or be on their way to, another format than this request names.
      throw cannotAnimate("ImageMagick makes animations only of WebP, and only in WebP");
    }
    try (OutputFile file = new OutputFile(output);
        OutputFile shown = new OutputFile(output);
        OutputFile readable = new OutputFile(output)) {
      Colours colours = Colours.of(source, probed);
      Optional<WebpAnimation> animation =
          probed.type() == MediaType.WEBP ? WebpAnimation.of(source) : Optional.empty();
      Path read = source;
      if (colours.png().filter(PngColours::hidesFrame).isPresent()) {
        if (probed.animated()) {
          throw cannotAnimate("its first frame is another picture than readers of stills see");
        }
        read = shown.unfinished();
        stripper.strip(probed.type(), source, read);
      }
      if (animation.isPresent()) {
        if (request.frames() > 1) {
          requirePlain(animation.get());
        } else {
          // The first frame alone: ImageMagick would decode all frames, and some versions make a
          // black canvas of them.
          read = readable.unfinished();
          Files.write(read, animation.get().firstStill());
        }
      } else if (colours.png().filter(PngColours::areTold).isPresent()) {
        // What ImageMagick makes of some chunks depends on its version, and others it does not
        // know.
        Path plain = readable.unfinished();
        colours.writeReadable(read, plain, target != MediaType.PNG || request.isSrgb());
        read = plain;
      }
      ChildResult result =
          run(
              read,
              new RenderArguments(
                      request, read, colours, srgbProfile(folder), rules.encoders(), animation)
                  .to(file.unfinished()),
              List.of(file.unfinished()),
              childLimits);
      requireRoom(result, file.unfinished());
      MagickVerdict.require(result);
      file.requireWritten();
      try (OutputFile bare = new OutputFile(output)) {
        stripper.strip(target, file.unfinished(), bare.unfinished());
        if (animation.isPresent()
            && read.equals(source)
            && !animation.get().time(bare.unfinished())) {
          throw cannotAnimate("frames that look alike are written as one");
        }
        if (Colours.isPng(target) && !request.isSrgb() && colours.areTold(target)) {
          colours.writeToPng(bare.unfinished(), file.unfinished());
          file.keep();
        } else {
          bare.keep();
        }
      }
    } catch (IOException e) {
      throw new EngineException("could not read or write a picture", e);
    }
  }

  /** Refuses a format whose result would depend on the version of ImageMagick. */
  private static void requireKnown(MediaType type) throws MediaException {
    if (!type.has(MediaType.Trait.MAGICK)) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          type.label() + " is not done by ImageMagick here: it takes libvips (--engine libvips)");
    }
  }

  /**
   * Refuses animated WebP that ImageMagick renders wrongly: version 6 neither blends nor clears
   * frames as the format says, and writes no colour profile. No version writes the times that it
   * has read.
   */
  private static void requirePlain(WebpAnimation animation) throws MediaException {
    if (!animation.isPlain()) {
      throw cannotAnimate("its frames depend on one another");
    }
    if (animation.profile().length > 0) {
      throw cannotAnimate("its colour profile would be lost");
    }
  }

  private static MediaException cannotAnimate(String why) {
    return new MediaException(
        Reason.INVALID, "This animation can only be rendered by libvips: " + why);
  }

  /** Tells a full disk, which is not the picture's fault, from a picture that cannot be written. */
  private void requireRoom(ChildResult result, Path written) throws EngineException {
    if (!result.exhausted()
        && MagickVerdict.couldNotWrite(result)
        && written.toFile().getUsableSpace() < childLimits.outputBytes()) {
      throw new EngineException("ImageMagick: No space left on device: " + result.errors());
    }
  }

  private ChildResult run(
      Path source, List<String> arguments, List<Path> written, ChildLimits limits)
      throws EngineException, InterruptedException {
    return runner.run(
        new ChildCommand(
            tools.tool(),
            arguments,
            Map.of("MAGICK_CONFIGURE_PATH", folder.toString()),
            // Not the folder, which holds the temp folders of others too.
            List.of(source, MagickPolicy.in(folder), srgbProfile(folder)),
            written),
        limits);
  }

  private static Path srgbProfile(Path folder) {
    return folder.resolve("srgb.icc");
  }
}
