package dev.pictj.ingest;

import dev.pictj.engine.AnimationRenderer;
import dev.pictj.engine.CodedLengths;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Verification;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.admission.FittingEngine;
import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.engine.metadata.Stripped;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.KindLimits;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Orientation;
import dev.pictj.media.Preview;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a file that a client sent into one that may be stored: judged by its header, decoded whole
 * by a limited child process, upright, without metadata, in a format that browsers show.
 *
 * <p>A still that needs no turn, no conversion and no repair keeps its pixels bit for bit. Where
 * exactly these bytes are stored already they have been decoded before, and are not again.
 */
final class Normaliser {
  private static final Logger log = LoggerFactory.getLogger(Normaliser.class);

  /** Pixels that a decoder needs about a second for. */
  private static final long MIN_PIXELS_OF_LONG_WORK = 8_000_000;

  /**
   * Prefix of the origin of an animation or a video, before the hash of its received bytes. It must
   * be changed with the way these are stored, so that files which were made another way are made
   * anew.
   */
  private static final String ORIGIN = "mp4-2/";

  private final HeaderProbe probe = new HeaderProbe();
  private final MetadataStripper stripper = new MetadataStripper();
  private final KindLimits limits;
  private final Optional<MediaType> format;
  private final Optional<MediaType> animationFormat;
  private final boolean animationsStay;
  private final boolean video;
  private final boolean repairsCut;
  private final String origin;
  private final ImageEngine images;
  private final CodedLengths lengths;
  private final VideoEngine videos;
  private final AnimationRenderer animations;
  private final Optional<FittingEngine> fitting;
  private final FailureMemory failures;
  private final TempFolder temporary;
  private final CpuPool cpu;
  private final SharedResults shared;
  private final Known known;

  /** Asks for media that are stored already. */
  interface Known {
    /** Who verified bytes of this hash and length when they were stored, as they still are. */
    VerifiedBy verifiedBy(String hash, long size) throws IOException;

    /**
     * Gives the bytes that were made of others, where that is remembered and they are as they were.
     *
     * @param target not there yet
     * @return their hash; empty where nothing was given
     */
    Optional<String> bring(String origin, TempFile target) throws Exception;
  }

  Normaliser(
      IngestRules rules,
      ImageEngine images,
      CodedLengths lengths,
      VideoEngine videos,
      Optional<FittingEngine> fitting,
      FailureMemory failures,
      TempFolder temporary,
      CpuPool cpu,
      SharedResults shared,
      Known known) {
    this.limits = rules.limits();
    this.format = rules.format();
    this.animationFormat = rules.animationFormat();
    this.animationsStay = rules.animationsStay();
    this.video = rules.video();
    this.repairsCut = rules.repairsCut();
    this.origin = ORIGIN + rules.videoKey();
    this.images = images;
    this.lengths = lengths;
    this.videos = videos;
    this.animations = new AnimationRenderer(images, videos);
    this.fitting = fitting;
    this.failures = failures;
    this.temporary = temporary;
    this.cpu = cpu;
    this.shared = shared;
    this.known = known;
  }

  /**
   * What is known of a result: its hash, where that was taken on the way, the engine that has
   * verified its source, and the preview, where the verification gave one.
   */
  private record Made(Optional<String> hash, VerifiedBy verifiedBy, Optional<Preview> preview) {
    Made(Optional<String> hash, VerifiedBy verifiedBy) {
      this(hash, verifiedBy, Optional.empty());
    }
  }

  /**
   * Judges and rewrites a received file, which is left as it is. The result is the caller's to
   * close. Bytes that were refused lately for what they cost or are, are refused again at once.
   */
  Normal normalise(Path received) throws Exception {
    if (!failures.isEmpty()) {
      failures.requireNone(work(received));
    }
    try {
      return normal(received);
    } catch (MediaException e) {
      if (FailureMemory.isLasting(e)) {
        failures.add(work(received), e);
      }
      throw e;
    }
  }

  /** Judges what a client sent by his own terms. */
  void judge(Path received, Terms terms) throws Exception {
    Probed header = cpu.call(() -> probe.probe(received));
    terms.judge(header, Files.size(received));
  }

  /** The name that failures of these bytes are remembered by. */
  private String work(Path received) throws Exception {
    return work(cpu.call(() -> ContentHash.of(received)));
  }

  private static String work(String hash) {
    return "upload " + hash;
  }

  private Normal normal(Path received) throws Exception {
    Probed header = cpu.call(() -> probe.probe(received));
    requireAccepted(header, Files.size(received));
    try {
      requireWithinLimits(header);
    } catch (MediaException over) {
      boolean still = header.frames() <= 1 && !header.type().has(Trait.VIDEO);
      if (fitting.isEmpty() || !still) {
        throw over;
      }
      return fitted(received, header, over);
    }
    if (!takesLong(header)) {
      return made(Optional.empty(), received, header);
    }
    String hash = cpu.call(() -> ContentHash.of(received));
    return shared.get(hash, received, file -> remembered(hash, file, header));
  }

  private void requireAccepted(Probed header, long size) throws MediaException {
    if (!video && header.type().has(Trait.VIDEO)) {
      throw new MediaException(Reason.VIDEO_DISABLED, "Video is not accepted on this server");
    }
    limits.requireBytes(header, size);
  }

  private void requireWithinLimits(Probed header) throws MediaException {
    Limits most = limits.of(header);
    most.check(header, header.dimensions(), header.frames());
    most.check(header, upright(header), header.frames());
    if (header.video().isPresent()) {
      most.check(header, header.video().get().coded(), header.frames());
    }
    most.check(header, header.held(), header.frames());
  }

  private boolean takesLong(Probed header) {
    return becomesVideo(header)
        || header.dimensions().area() * header.frames() >= MIN_PIXELS_OF_LONG_WORK;
  }

  /** Normalises, and remembers a failure: the client who sent the file may have left by then. */
  private Normal remembered(String hash, Path received, Probed header) throws Exception {
    try {
      return made(Optional.of(hash), received, header);
    } catch (MediaException e) {
      failures.add(work(hash), e);
      throw e;
    }
  }

  /**
   * Makes what is stored.
   *
   * @param hash of what was received, where it is known: for animations and videos it is
   */
  private Normal made(Optional<String> hash, Path received, Probed header) throws Exception {
    if (!becomesVideo(header)) {
      return result(file -> still(received, header, file.path()), Optional.empty());
    }
    Optional<MediaType> other = animationFormat.filter(_ -> isOtherSequence(header));
    String made =
        origin + other.map(type -> type.extension() + "/").orElse("") + hash.orElseThrow();
    return result(
        file -> {
          Optional<String> brought = known.bring(made, file);
          if (brought.isEmpty() && other.isPresent()) {
            unpacked(received, header, other.get(), file.path());
          } else if (brought.isEmpty()) {
            videos.store(received, header, file.path());
          }
          return new Made(brought, VerifiedBy.REFERENCE);
        },
        Optional.of(made));
  }

  /** Whether its frames are taken out by ffmpeg, for they are to be in another format. */
  private boolean isOtherSequence(Probed header) {
    return header.animated()
        && header.type().has(Trait.SEQUENCE)
        && animationFormat.filter(header.type()::equals).isEmpty();
  }

  private void unpacked(Path received, Probed header, MediaType target, Path result)
      throws Exception {
    try (TempFile verified = temporary.next("verified")) {
      // Written as if it were to be stored first, because taking frames out would not fail on
      // damage.
      videos.store(received, header, verified.path());
      animations.render(
          verified.path(), probe.probeAgain(verified.path()), List.of(), target, result);
    }
  }

  /** A still that is made smaller on its way in. */
  private Normal fitted(Path received, Probed header, MediaException over) throws Exception {
    MediaType type = header.type();
    if (!repairsCut && type.isStored(animationsStay)) {
      requireWhole(
          type, cpu.call(() -> stripper.strip(type, received, OutputStream.nullOutputStream())));
    }
    Dimensions size = limits.still().fit(upright(header));
    try {
      return result(
          file -> {
            fitting.orElseThrow().shrink(received, header, size, target(header), file.path());
            return new Made(Optional.empty(), VerifiedBy.REFERENCE);
          },
          Optional.empty());
    } catch (MediaException e) {
      if (e.reason() != Reason.TOO_EXPENSIVE) {
        throw e;
      }
      log.info("could not shrink {}: {}", header, e.getMessage());
      over.addSuppressed(e);
      failures.addFinal(work(received), over);
      throw over;
    }
  }

  /** Writes a result into a file, which is not there yet. */
  @FunctionalInterface
  private interface Maker {
    Made to(TempFile file) throws Exception;
  }

  /** Has a result made, and judges it by the same limits as what was received. */
  private Normal result(Maker maker, Optional<String> origin) throws Exception {
    TempFile file = temporary.next("normal");
    try {
      Made made = maker.to(file);
      Probed found = cpu.call(() -> probe.probe(file.path()));
      Probed stored = found.as(found.type().plain(animationsStay));
      limits.of(stored).check(stored, stored.dimensions(), stored.frames());
      String hash =
          made.hash().isPresent() ? made.hash().get() : cpu.call(() -> ContentHash.of(file.path()));
      return new Normal(file, stored, hash, made.verifiedBy(), made.preview(), origin);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static Dimensions upright(Probed header) {
    return header.orientation().upright(header.dimensions());
  }

  /** Whether it is stored as MP4: a video, or an animation in a format that is not stored. */
  private boolean becomesVideo(Probed header) {
    return header.type().has(Trait.VIDEO)
        || (header.animated() && header.type().has(Trait.SEQUENCE))
        || (header.animated()
            && animationFormat.isEmpty()
            && !header.type().isStored(animationsStay));
  }

  /** Judges a trusted import, which is stored as it is, by its header alone. */
  Probed unchecked(Path received) throws Exception {
    Probed header = cpu.call(() -> probe.probe(received));
    if (!header.type().isStored(animationsStay)) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Unsupported image format: %s is never stored as it is, and imports are not converted here"
              .formatted(header.type().label()));
    }
    return header.as(header.type().plain(animationsStay));
  }

  /**
   * The header of a file of another server, which is stored as it is.
   *
   * @param told what that server says of it, for one that we cannot read
   * @throws MediaException when we cannot, and nothing is told
   */
  Probed adopted(Path received, Optional<Probed> told) throws Exception {
    try {
      Probed header = cpu.call(() -> probe.probe(received));
      return header.as(header.type().plain(animationsStay));
    } catch (MediaException e) {
      return told.orElseThrow(() -> e);
    }
  }

  /**
   * Decodes a file that is stored as it is, where it is a picture and within the limits.
   *
   * @return the engine that found it sound; {@code NOBODY} where none did
   */
  VerifiedBy soundness(Path received, Probed header) throws InterruptedException {
    boolean isPicture =
        !header.type().has(Trait.VIDEO)
            && !(header.animated() && header.type().has(Trait.SEQUENCE));
    if (!isPicture) {
      return VerifiedBy.NOBODY;
    }
    try {
      Verification found = images.verify(received, header);
      return found.clean() ? found.by() : VerifiedBy.NOBODY;
    } catch (MediaException | EngineException | OverloadedException e) {
      log.info("{} is taken over unverified: {}", header, e.getMessage());
      return VerifiedBy.NOBODY;
    }
  }

  /** What an upload of this file would be refused for, by its header. */
  Optional<String> objection(Path received) throws Exception {
    try {
      Probed header = unchecked(received);
      requireAccepted(header, Files.size(received));
      requireWithinLimits(header);
      return Optional.empty();
    } catch (MediaException e) {
      return Optional.of(e.getMessage());
    }
  }

  private Made still(Path received, Probed header, Path result) throws Exception {
    MediaType target = target(header);
    target.requireHolds(upright(header));
    try (TempFile bare = temporary.next("bare")) {
      Optional<String> bareHash = Optional.empty();
      if (header.type().isStored(animationsStay)) {
        bareHash = cpu.call(() -> strip(header.type(), received, bare));
      }
      boolean sound = bareHash.isPresent();
      boolean turn = header.orientation() != Orientation.UPRIGHT;
      boolean keeps = sound && !turn && target == header.type();
      if (keeps) {
        VerifiedBy earlier = known.verifiedBy(bareHash.get(), Files.size(bare.path()));
        if (earlier != VerifiedBy.NOBODY) {
          move(bare, result);
          return new Made(bareHash, earlier);
        }
        bareHash = trimmed(header, bare, bareHash);
        sound = bareHash.isPresent();
        keeps = sound;
      }
      // Where possible the very bytes are decoded that will be stored.
      Path decodable = sound ? bare.path() : received;
      Verification found = verify(decodable, header);
      // Every pixel of an animated PNG was decoded when it was copied, so what a decoder warns of
      // is not about pixels.
      boolean apng = header.type().plain(false) != header.type();
      if (keeps && (found.clean() || apng)) {
        move(bare, result);
        return new Made(bareHash, found.by(), found.preview());
      }
      if (apng && !sound) {
        throw new MediaException(
            Reason.INVALID,
            "Invalid %s: an animation whose frames are not those that it announces"
                .formatted(header.type().label()));
      }
      // Where a copy has the profile of its colours, its own header tells.
      boolean copied = sound && header.samples().isPresent();
      Probed told = copied ? cpu.call(() -> probe.probeAgain(bare.path())) : header;
      animations.render(decodable, told, List.of(), target, result);
      Dimensions expected = upright(header);
      Dimensions made = cpu.call(() -> probe.probe(result)).dimensions();
      if (!made.equals(expected)) {
        throw new EngineException(
            "converting %s gave %s, not %s".formatted(header, made, expected));
      }
      return new Made(Optional.empty(), found.by());
    }
  }

  private void requireWhole(MediaType type, Stripped stripped) throws MediaException {
    if (!stripped.whole() && !repairsCut) {
      throw new MediaException(
          Reason.INVALID, "Invalid %s: its end is missing".formatted(type.label()));
    }
  }

  /** Makes a bare copy and returns its hash; empty when the file is odd and has no such copy. */
  private Optional<String> strip(MediaType type, Path received, TempFile bare) throws Exception {
    try (HashedCopy copy = new HashedCopy(received, bare)) {
      Stripped stripped = stripper.strip(type, received, copy);
      if (stripped.sound()) {
        return Optional.of(copy.finish());
      }
      requireWhole(type, stripped);
    }
    if (!MetadataStripper.canRepair(type)) {
      return Optional.empty();
    }
    Files.deleteIfExists(bare.path());
    try (HashedCopy copy = new HashedCopy(received, bare)) {
      return stripper.repair(received, copy).sound()
          ? Optional.of(copy.finish())
          : Optional.empty();
    }
  }

  /**
   * Takes off what hides behind the coded pixels of a WebP or JPEG XL.
   *
   * @param bare replaced where there is something
   * @return the hash of what there is then; empty when the pixels are odd
   */
  private Optional<String> trimmed(Probed header, TempFile bare, Optional<String> hash)
      throws Exception {
    if (!MetadataStripper.canTrim(header.type())) {
      return hash;
    }
    Optional<List<Long>> kept = lengths.of(bare.path(), header);
    if (kept.isEmpty() || kept.get().isEmpty()) {
      return kept.flatMap(_ -> hash);
    }
    return Optional.of(cpu.call(() -> trim(header.type(), bare, kept.get())));
  }

  private String trim(MediaType type, TempFile bare, List<Long> kept) throws Exception {
    try (TempFile trimmed = temporary.next("trimmed");
        HashedCopy copy = new HashedCopy(bare.path(), trimmed)) {
      MetadataStripper.trim(type, bare.path(), kept, copy);
      String hash = copy.finish();
      move(trimmed, bare.path());
      return hash;
    }
  }

  private Verification verify(Path file, Probed header) throws Exception {
    Verification verification = images.verify(file, header);
    limits.of(header).check(header, verification.dimensions(), verification.frames());
    return verification;
  }

  private static void move(TempFile from, Path to) throws IOException {
    Files.move(from.path(), to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Animations keep their format: a still format would lose their frames. */
  private MediaType target(Probed header) {
    if (header.animated()) {
      return animationFormat.orElse(header.type());
    }
    if (animationsStay && header.type().has(Trait.MOVING)) {
      // A GIF of one frame, of which something else becomes a still.
      return animationFormat
          .filter(other -> other != header.type())
          .map(format::orElse)
          .orElse(header.type());
    }
    return format.orElse(header.storedAs(animationsStay));
  }
}
