package dev.pictj.engine.vips;

import dev.pictj.engine.EncoderEffort;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.Verification;
import dev.pictj.engine.child.OutputFile;
import dev.pictj.engine.child.PendingSandbox;
import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.engine.metadata.PictureHeader;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders and converts by libvips what it does exactly as well as the reference engine, and leaves
 * everything else to that one: verifying, CMYK, animations, GIF, PNG with colours of its own or,
 * where the result is PNG too, with a palette or another depth than 8 bits.
 *
 * <p>Nothing may be given to it that the reference engine has not verified; see the package.
 */
public final class VipsEngine implements ImageEngine, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VipsEngine.class);

  /** Sources are read into memory whole; larger ones are the reference engine's. */
  private static final long MAX_SOURCE_BYTES = 64 << 20;

  /** What a picture without loss becomes as JPEG. */
  private static final int BEST_QUALITY = 100;

  private final ImageEngine reference;
  private final Workshop workshop;
  private final Limits media;
  private final EncoderEffort effort;
  private final MetadataStripper stripper = new MetadataStripper();
  private volatile boolean usable = true;

  VipsEngine(ImageEngine reference, Workshop workshop, Limits media, EncoderEffort effort) {
    this.reference = reference;
    this.workshop = workshop;
    this.media = media;
    this.effort = effort;
  }

  /**
   * An engine that works on threads of this process.
   *
   * @param reference does the rest
   * @param jobs at a time
   * @param timeout of one rendering
   * @param outputBytes the most that one may write
   * @throws UnavailableException when libvips is not installed, or too old
   */
  public static VipsEngine inProcess(
      ImageEngine reference,
      Limits media,
      EncoderEffort effort,
      int jobs,
      Duration timeout,
      long outputBytes)
      throws UnavailableException {
    return new VipsEngine(
        reference,
        new InProcess(
            LibVips.load(message -> log.debug("libvips: {}", message)), jobs, timeout, outputBytes),
        media,
        effort);
  }

  /**
   * An engine that works in processes beside this one, inside of a sandbox where they see no files
   * at all. One that dies or hangs costs the rendering it was at. The first is started by {@link
   * #awaitReady}, the last is ended after a quiet time; while there is none, the reference engine
   * renders and one is being started.
   *
   * @param reference does the rest
   * @param jobs at a time
   * @param timeout of one rendering
   * @param memoryBytes address space of one process
   * @param outputBytes the most that one may write
   * @param folder an existing one, for their temp folders
   * @param rest the quiet time after which the last one is ended
   */
  public static VipsEngine isolated(
      ImageEngine reference,
      Limits media,
      EncoderEffort effort,
      int jobs,
      Duration timeout,
      long memoryBytes,
      long outputBytes,
      Path folder,
      PendingSandbox sandbox,
      Duration rest) {
    return new VipsEngine(
        reference,
        new Isolated(folder, sandbox, jobs, timeout, memoryBytes, outputBytes, rest),
        media,
        effort);
  }

  /**
   * Waits until it is known whether libvips can be used; without it the reference engine does
   * everything.
   *
   * @throws UnavailableException when it is not installed, or too old, or no process starts
   */
  public void awaitReady() throws UnavailableException, InterruptedException {
    try {
      workshop.awaitReady();
    } catch (UnavailableException e) {
      usable = false;
      throw e;
    }
  }

  /** For the log, once it is ready: version and place. */
  public String describe() {
    return workshop.describe();
  }

  @Override
  public Verification verify(Path source, Probed probed)
      throws MediaException, EngineException, InterruptedException {
    return reference.verify(source, probed);
  }

  @Override
  public void convert(Path source, Probed probed, MediaType target, Path output)
      throws MediaException, EngineException, InterruptedException {
    render(source, probed, List.of(), target, output);
  }

  @Override
  public void render(
      Path source, Probed probed, List<RenderStep> steps, MediaType target, Path output)
      throws MediaException, EngineException, InterruptedException {
    media.check(probed.dimensions(), 1);
    try {
      if (usable && isAble(source, probed, target)) {
        work(source, probed, steps, target, output);
        return;
      }
    } catch (VipsException e) {
      log.info(
          "libvips could not make {} of {}, ImageMagick tries: {}", target, probed, e.getMessage());
    } catch (IOException e) {
      throw new EngineException("could not read or write a picture", e);
    }
    reference.render(source, probed, steps, target, output);
  }

  private static boolean isAble(Path source, Probed probed, MediaType target) throws IOException {
    if (probed.animated() || probed.cmyk() || Files.size(source) > MAX_SOURCE_BYTES) {
      return false;
    }
    return switch (probed.type()) {
      case JPEG, WEBP -> true;
      case PNG -> {
        PngTraits traits = PngTraits.of(source);
        yield traits.usualGamma()
            && (target != MediaType.PNG || (traits.eightBitDirect() && !traits.ownPrimaries()));
      }
      case GIF, MP4, QUICKTIME -> false;
    };
  }

  private void work(
      Path source, Probed probed, List<RenderStep> steps, MediaType target, Path output)
      throws VipsException, MediaException, EngineException, InterruptedException, IOException {
    Job job =
        new Job(
            probed.type(),
            probed.dimensions(),
            probed.orientation(),
            steps,
            target,
            encoding(source, probed, steps, target));
    try (OutputFile file = new OutputFile(output)) {
      boolean bare = workshop.work(job, source, file.unfinished());
      if (bare) {
        file.keep();
        return;
      }
      try (OutputFile stripped = new OutputFile(output)) {
        stripper.strip(target, file.unfinished(), stripped.unfinished());
        stripped.keep();
      }
    }
  }

  /** A source that is JPEG keeps the quality it has; one without loss loses as little as can be. */
  private Encoding encoding(Path source, Probed probed, List<RenderStep> steps, MediaType target)
      throws IOException {
    boolean losslessSource =
        probed.type() == MediaType.WEBP
            && target != MediaType.PNG
            && PictureHeader.isLossless(source);
    JpegTraits traits =
        target == MediaType.JPEG && probed.type() == MediaType.JPEG
            ? JpegTraits.of(source)
            : new JpegTraits(
                losslessSource ? BEST_QUALITY : JpegTraits.USUAL_QUALITY, JpegTraits.Chroma.USUAL);
    boolean lossless = losslessSource && steps.isEmpty() && target == MediaType.WEBP;
    return new Encoding(traits.quality(), traits.chroma(), lossless, effort.webp(), effort.png());
  }

  @Override
  public void close() {
    workshop.close();
  }
}
