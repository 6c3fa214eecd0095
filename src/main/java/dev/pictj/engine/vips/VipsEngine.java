package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
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
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.engine.preview.PreviewMaker;
import dev.pictj.engine.preview.TinyPicture;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.Samples;
import dev.pictj.media.VerifiedBy;
import dev.pictj.nativecode.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders and converts by libvips what it does exactly as well as the reference engine, and leaves
 * everything else to that one; {@code Job} and {@link Lacks} know what that is. Animations of GIF,
 * PNG and WebP are rendered frame by frame. In worker processes it also verifies stills and
 * animated WebP, as far as they are sound.
 *
 * <p>Nothing may be rendered here but what was verified by those whom it {@link #trusts}; see the
 * package.
 */
public final class VipsEngine implements ImageEngine, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VipsEngine.class);

  /** Sources are read into memory whole; larger ones are the reference engine's. */
  private static final long MAX_SOURCE_BYTES = 64 << 20;

  private static final int EIGHT_BITS = 8;

  /** Twelve are what AV1 can have; of more, ten are kept, which all readers know. */
  private static final int MAX_KEPT_DEPTH = 12;

  private static final int REDUCED_DEPTH = 10;

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

  /** Whether it takes files of a format, once it is ready. */
  public boolean reads(MediaType type) {
    // All processes load the same libraries.
    return usable && verifiers.isPresent() && !workshop.lacks().reading().containsKey(type);
  }

  /** Whether it makes files of a format, once it is ready. */
  public boolean makes(MediaType type) {
    return usable && !workshop.lacks().writing().containsKey(type);
  }

  /** For the log, once it is ready: version and place. */
  public String describe() {
    return workshop.describe() + (rules.fastCodecs() ? "" : ", fast codecs off");
  }

  /**
   * A picture that libvips, or of an animated WebP libwebp, decodes without a word is sound.
   * Everything but a quick yes is for the reference engine to judge, in the time that libvips has
   * left of it: at least a half.
   */
  @Override
  public Verification verify(Path source, Probed probed, Duration atMost)
      throws MediaException, EngineException, InterruptedException {
    rules.limits().check(probed, probed.dimensions(), probed.frames());
    final long began = System.nanoTime();
    boolean alone = !probed.type().has(Trait.MAGICK);
    try {
      if (alone) {
        awaitVerifier();
        requireReadable(probed.type());
      }
      if (verifiers.isPresent() && usable && isDecodable(source, probed)) {
        Optional<Dimensions> copy = copy(source, probed);
        Check check = new Check(probed.type(), probed.dimensions(), probed.frames(), copy);
        Optional<Raster> made = verifiers.get().inspect(check, source);
        return new Verification(
            probed.dimensions(),
            probed.frames(),
            true,
            VerifiedBy.WORKER,
            made.map(raster -> PreviewMaker.of(TinyPicture.of(raster))));
      }
    } catch (VipsException e) {
      log.debug("libvips did not find {} clean: {}", probed, e.getMessage());
      if (alone) {
        throw new MediaException(
            Reason.INVALID,
            "%s cannot be read: its picture data is damaged, or of a kind that is not supported"
                .formatted(probed.type().label()),
            e);
      }
    } catch (MediaException e) {
      if (alone) {
        throw e;
      }
      log.debug("libvips did not find {} clean: {}", probed, e.getMessage());
    } catch (IOException e) {
      throw new EngineException("could not read a picture", e);
    }
    Duration spent = Duration.ofNanos(System.nanoTime() - began);
    Duration time = atMost.compareTo(rules.timeout()) < 0 ? atMost : rules.timeout();
    Duration half = time.dividedBy(2);
    return reference.verify(source, probed, time.minus(spent.compareTo(half) < 0 ? spent : half));
  }

  /**
   * The size of the tiny copy that is made while a picture is verified; empty where it would be
   * made in another way here, and of all but PNG: other decoders skip most of the work for so few
   * pixels, which takes no more time than shrinking all of them.
   */
  private Optional<Dimensions> copy(Path source, Probed probed) throws IOException {
    boolean plain =
        rules.previews()
            && probed.type() == MediaType.PNG
            && !probed.animated()
            && probed.orientation() == Orientation.UPRIGHT
            && isAble(TinyPicture.request(source, probed), Colours.of(source, probed));
    return plain ? Optional.of(TinyPicture.size(probed.dimensions())) : Optional.empty();
  }

  private void requireReadable(MediaType type) throws MediaException {
    Optional<String> lack =
        !usable || verifiers.isEmpty()
            ? Optional.of("no worker process of libvips runs")
            : Optional.ofNullable(verifiers.get().lacks().reading().get(type));
    if (lack.isPresent()) {
      throw new MediaException(
          Reason.UNSUPPORTED, "%s is not accepted here: %s".formatted(type.label(), lack.get()));
    }
  }

  private void requireWritable(MediaType type) throws MediaException {
    String lack = workshop.lacks().writing().get(type);
    if (lack != null) {
      throw new MediaException(
          Reason.UNSUPPORTED, "%s is not made here: %s".formatted(type.label(), lack));
    }
  }

  /** What only libvips reads is worth the wait for a process that starts. */
  private void awaitVerifier() throws MediaException, InterruptedException {
    try {
      if (verifiers.isPresent()) {
        verifiers.get().awaitReady();
      }
    } catch (UnavailableException e) {
      log.info("no worker verifies: {}", e.getMessage());
      usable = false;
    }
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
    rules.limits().check(request.probed(), request.probed().dimensions(), request.frames());
    if (works(request, output)) {
      return;
    }
    if (isAlone(request) && request.probed().type().has(Trait.MAGICK)) {
      renderByPng(request, output);
    } else {
      reference.render(request, output);
    }
  }

  /** Whether libvips has done it. */
  private boolean works(RenderRequest request, Path output)
      throws MediaException, EngineException, InterruptedException {
    try {
      Colours colours = Colours.of(request.source(), request.probed());
      if (usable && isAble(request, colours)) {
        work(request, colours, output);
        return true;
      }
    } catch (VipsException e) {
      if (!request.probed().type().has(Trait.MAGICK)) {
        throw new EngineException("libvips could not do " + request, e);
      }
      log.info("libvips could not do {}, ImageMagick tries: {}", request, e.getMessage());
    } catch (IOException e) {
      throw new EngineException("could not read or write a picture", e);
    }
    return false;
  }

  private boolean isAble(RenderRequest request, Colours colours) throws IOException {
    MediaType type = request.probed().type();
    MediaType target = request.target();
    if (!isDecodable(request.source(), request.probed())
        || !VipsFormat.has(target)
        || (type == MediaType.PNG && colours.png().filter(PngColours::hidesFrame).isPresent())) {
      return false;
    }
    return isAlone(request)
        ? colours.in(target) != Recolouring.Change.WITH_CHUNKS
        : (colours.in(target) == Recolouring.Change.NONE
                || movesAsSrgb(request)
                || (request.frames() > 1 && leavesColours(colours.in(target))))
            && (request.isSrgb()
                || type != MediaType.PNG
                || target != MediaType.PNG
                || colours.png().filter(PngColours::isEightBitDirect).isPresent());
  }

  /** Whether the reference engine does not know one of the formats. */
  private static boolean isAlone(RenderRequest request) {
    return !request.probed().type().has(Trait.MAGICK) || !request.target().has(Trait.MAGICK);
  }

  /** What only the reference engine reads, in a format that only libvips writes. */
  private void renderByPng(RenderRequest request, Path output)
      throws MediaException, EngineException, InterruptedException {
    try (OutputFile between = new OutputFile(output)) {
      Path png = between.unfinished();
      reference.render(request.source(), request.probed(), request.steps(), MediaType.PNG, png);
      Probed made = new HeaderProbe().probeAgain(png);
      RenderRequest rest =
          new RenderRequest(png, made, List.of(), request.target(), request.fidelity());
      if (!works(rest, output)) {
        reference.render(rest, output);
      }
    } catch (IOException e) {
      throw new EngineException("could not read or write a picture", e);
    }
  }

  /**
   * An engine for what nothing has verified: stills that the reference engine reads, that one does,
   * and all else is verified first.
   */
  public ImageEngine ofUnverified() {
    return new Unverified();
  }

  /**
   * An engine with the same processes for stills that are larger than usual.
   *
   * @param shrinker does what the reference engine does here
   * @param larger its rules
   */
  public ImageEngine shrinking(ImageEngine shrinker, PictureRules larger) {
    return new VipsEngine(shrinker, workshop, verifiers, larger).ofUnverified();
  }

  private final class Unverified implements ImageEngine {
    @Override
    public Verification verify(Path source, Probed probed, Duration atMost)
        throws MediaException, EngineException, InterruptedException {
      return VipsEngine.this.verify(source, probed, atMost);
    }

    @Override
    public void render(RenderRequest request, Path output)
        throws MediaException, EngineException, InterruptedException {
      // Animations, too: few of them can be rendered by the reference engine, which of an animated
      // PNG may see another picture than the first frame.
      MediaType type = request.probed().type();
      if (!type.has(Trait.MAGICK) || request.frames() > 1 || type == MediaType.APNG) {
        verify(request.source(), request.probed());
        VipsEngine.this.render(request, output);
      } else if (request.target().has(Trait.MAGICK)) {
        reference.render(request, output);
      } else {
        renderByPng(request, output);
      }
    }
  }

  /** Frames of an animated PNG are decoded without what is said of their colours. */
  private static boolean leavesColours(Recolouring.Change change) {
    return change == Recolouring.Change.WITH_CHUNKS || change == Recolouring.Change.WITHOUT_PROFILE;
  }

  /** Whether it is an animation of which nothing will say what its numbers mean. */
  private static boolean movesAsSrgb(RenderRequest request) {
    return request.frames() > 1 && (request.isSrgb() || !request.target().has(Trait.PROFILE));
  }

  private static Recolouring recolouring(RenderRequest request, Colours colours) {
    if (isAlone(request)) {
      return colours.to(request.target());
    }
    return movesAsSrgb(request) ? colours.toSrgb() : Recolouring.NONE;
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
            probed.samples().filter(Samples::premultiplied).isPresent(),
            recolouring(request, colours),
            request.steps(),
            target,
            encoding(request, colours),
            request.frames(),
            rules.fastCodecs());
    awaitWorker();
    requireWritable(target);
    try (OutputFile file = new OutputFile(output)) {
      boolean bare = workshop.work(job, request.source(), file.unfinished());
      boolean told =
          Colours.isPng(target)
              && !request.isSrgb()
              && !isAlone(request)
              && colours.areTold(target);
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

  private Encoding encoding(RenderRequest request, Colours colours) throws IOException {
    MediaType target = request.target();
    JpegTraits traits =
        target == MediaType.JPEG ? rules.encoders().jpeg(request) : JpegTraits.USUAL;
    boolean quick = request.isQuick() && target.has(Trait.QUALITY);
    return new Encoding(
        target == MediaType.JPEG ? traits.quality() : rules.encoders().quality(request),
        traits.chroma(),
        request.isLossless(),
        quick ? 0 : rules.encoders().effort(target),
        depth(request, colours));
  }

  /** Bits of a sample: those of the source, where the result can hold them. */
  private static int depth(RenderRequest request, Colours colours) {
    // Stills of animations are made here alone, too: others may see another frame.
    boolean here = isAlone(request) || request.probed().type() == MediaType.APNG;
    if (!request.target().has(Trait.DEEP) || !here || request.isSrgb()) {
      return EIGHT_BITS;
    }
    int deep =
        request
            .probed()
            .samples()
            .map(Samples::depth)
            .orElse(colours.png().map(PngColours::depth).orElse(EIGHT_BITS));
    return deep <= EIGHT_BITS ? EIGHT_BITS : deep <= MAX_KEPT_DEPTH ? deep : REDUCED_DEPTH;
  }

  @Override
  public void close() {
    workshop.close();
    verifiers.ifPresent(VerifyingWorkshop::close);
  }
}
