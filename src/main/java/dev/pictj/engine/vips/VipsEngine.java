package dev.pictj.engine.vips;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.Verification;
import dev.pictj.engine.child.OutputFile;
import dev.pictj.engine.metadata.Colours;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.engine.metadata.PngColours;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.nativecode.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders and converts by libvips what it does exactly as well as the reference engine, and leaves
 * everything else to that one: CMYK, animated PNG, GIF, colours that have to be converted or said
 * otherwise and, where the result is PNG too, a palette or another depth than 8 bits. Animated WebP
 * it renders frame by frame. In worker processes it also verifies stills and animated WebP, as far
 * as they are sound.
 *
 * <p>Nothing may be rendered here but what was verified by those whom it {@link #trusts}; see the
 * package.
 */
public final class VipsEngine implements ImageEngine, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VipsEngine.class);

  /** Sources are read into memory whole; larger ones are the reference engine's. */
  private static final long MAX_SOURCE_BYTES = 64 << 20;

  private final ImageEngine reference;
  private final Workshop workshop;
  private final Optional<VerifyingWorkshop> verifiers;
  private final PictureRules rules;
  private final MetadataStripper stripper = new MetadataStripper();
  private volatile boolean usable = true;

  /**
   * An engine.
   *
   * @param reference does what is left to it
   * @param workshop renders
   * @param verifiers verify, where there are any
   * @param rules whose timeout of verifying is for both engines together
   */
  public VipsEngine(
      ImageEngine reference,
      Workshop workshop,
      Optional<VerifyingWorkshop> verifiers,
      PictureRules rules) {
    this.reference = reference;
    this.workshop = workshop;
    this.verifiers = verifiers;
    this.rules = rules;
  }

  /** The processes that render. */
  public Workshop.Workers renderers() {
    return workshop.workers();
  }

  /** The processes that verify. */
  public Workshop.Workers verifiers() {
    return verifiers.map(Workshop::workers).orElse(Workshop.Workers.NONE);
  }

  /**
   * An engine that works on threads of this process.
   *
   * @param reference does the rest
   * @param jobs at a time
   * @param outputBytes the most that one may write
   * @throws UnavailableException when libvips is not installed, or too old
   */
  public static VipsEngine inProcess(
      ImageEngine reference, PictureRules rules, int jobs, long outputBytes)
      throws UnavailableException {
    LibVips vips = LibVips.load(message -> log.debug("libvips: {}", message));
    return new VipsEngine(
        reference,
        new InProcess(vips, jobs, rules.timeout(), outputBytes),
        Optional.empty(),
        rules);
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
    return workshop.describe() + (rules.fastCodecs() ? "" : ", fast codecs off");
  }

  /**
   * A picture that libvips, or of an animated WebP libwebp, decodes without a word is sound.
   * Whatever else it finds, or does not, is for the reference engine to judge, in the time that
   * libvips has left of it: at least a half.
   */
  @Override
  public Verification verify(Path source, Probed probed, Duration atMost)
      throws MediaException, EngineException, InterruptedException {
    rules.limits().check(probed.dimensions(), probed.frames());
    final long began = System.nanoTime();
    try {
      if (verifiers.isPresent() && usable && isDecodable(source, probed)) {
        verifiers
            .get()
            .inspect(new Check(probed.type(), probed.dimensions(), probed.frames()), source);
        return new Verification(probed.dimensions(), probed.frames(), true, VerifiedBy.WORKER);
      }
    } catch (VipsException | MediaException e) {
      log.debug("libvips did not find {} clean: {}", probed, e.getMessage());
    } catch (IOException e) {
      throw new EngineException("could not read a picture", e);
    }
    Duration spent = Duration.ofNanos(System.nanoTime() - began);
    Duration time = atMost.compareTo(rules.timeout()) < 0 ? atMost : rules.timeout();
    Duration half = time.dividedBy(2);
    return reference.verify(source, probed, time.minus(spent.compareTo(half) < 0 ? spent : half));
  }

  private static boolean isDecodable(Path source, Probed probed) throws IOException {
    return VipsFormat.has(probed.type())
        && (probed.type().has(Trait.ANIMATION) || !probed.animated())
        && !probed.cmyk()
        && Files.size(source) <= MAX_SOURCE_BYTES;
  }

  /** By whom a picture must have been verified to be rendered here. */
  public Set<VerifiedBy> trusts() {
    return verifiers.isPresent()
        ? EnumSet.of(VerifiedBy.WORKER, VerifiedBy.REFERENCE)
        : EnumSet.of(VerifiedBy.REFERENCE);
  }

  @Override
  public void render(RenderRequest request, Path output)
      throws MediaException, EngineException, InterruptedException {
    rules.limits().check(request.probed().dimensions(), request.frames());
    try {
      Colours colours = Colours.of(request.source(), request.probed());
      if (usable && isAble(request, colours)) {
        work(request, colours, output);
        return;
      }
    } catch (VipsException e) {
      log.info("libvips could not do {}, ImageMagick tries: {}", request, e.getMessage());
    } catch (IOException e) {
      throw new EngineException("could not read or write a picture", e);
    }
    reference.render(request, output);
  }

  private static boolean isAble(RenderRequest request, Colours colours) throws IOException {
    MediaType target = request.target();
    return isDecodable(request.source(), request.probed())
        && VipsFormat.has(target)
        && (colours.in(target) == Colours.Change.NONE
            || (request.frames() > 1 && leavesColours(colours.in(target))))
        && (request.isSrgb()
            || request.probed().type() != MediaType.PNG
            || target != MediaType.PNG
            || colours.png().filter(PngColours::isEightBitDirect).isPresent());
  }

  /** Frames of an animated PNG are decoded without what is said of their colours. */
  private static boolean leavesColours(Colours.Change change) {
    return change == Colours.Change.WITH_CHUNKS || change == Colours.Change.WITHOUT_PROFILE;
  }

  private void work(RenderRequest request, Colours colours, Path output)
      throws VipsException, MediaException, EngineException, InterruptedException, IOException {
    Probed probed = request.probed();
    MediaType target = request.target();
    Job job =
        new Job(
            probed.type(),
            probed.dimensions(),
            probed.orientation(),
            request.steps(),
            target,
            encoding(request),
            request.frames(),
            rules.fastCodecs());
    awaitWorker();
    try (OutputFile file = new OutputFile(output)) {
      boolean bare = workshop.work(job, request.source(), file.unfinished());
      boolean told = Colours.isPng(target) && !request.isSrgb() && colours.areTold(target);
      if (bare && !told) {
        file.keep();
        return;
      }
      try (OutputFile copy = new OutputFile(output)) {
        OutputFile made = file;
        if (!bare) {
          stripper.strip(target, file.unfinished(), copy.unfinished());
          made = copy;
        }
        if (told) {
          OutputFile other = bare ? copy : file;
          colours.writeToPng(made.unfinished(), other.unfinished());
          made = other;
        }
        made.keep();
      }
    }
  }

  /**
   * What another engine made would look a little different, and be stored; and nobody else renders
   * all animations, nor any as fast.
   */
  private void awaitWorker() throws VipsException, InterruptedException {
    try {
      workshop.awaitReady();
    } catch (UnavailableException e) {
      throw new VipsException("no worker starts", e);
    }
  }

  private Encoding encoding(RenderRequest request) throws IOException {
    JpegTraits traits =
        request.target() == MediaType.JPEG ? request.jpegTraits() : JpegTraits.USUAL;
    return new Encoding(
        traits.quality(),
        traits.chroma(),
        request.isLossless(),
        request.isQuick() ? 0 : rules.effort().webp(),
        rules.effort().png());
  }

  @Override
  public void close() {
    workshop.close();
    verifiers.ifPresent(VerifyingWorkshop::close);
  }
}
