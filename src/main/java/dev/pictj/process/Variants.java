package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.Caller;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Party;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Finds variants or makes them, each once: identical requests at the same time wait for one
 * rendering, which goes on for a while when the last of them has gone.
 *
 * <p>A variant that exists is found without asking anyone for admission, however busy the engines
 * are.
 */
public final class Variants {
  /**
   * The key of the first frame of a video, and what the keys of all begin with that is made from
   * it; no chain has it. Up to version 0.3 it was another one, which had the wrong colours.
   */
  private static final String FRAME = "frame";

  private static final String OUTDATED_FRAME = "still.jpg";

  private final BlobStore store;
  private final Set<VerifiedBy> trusted;
  private final ImageEngine unverified;
  private final VideoEngine videos;
  private final HeaderProbe probe = new HeaderProbe();
  private final Mezzanines mezzanines;
  private final Renderings renderings;

  /**
   * Who renders what.
   *
   * @param images what is verified
   * @param trusted by whom it must have been
   * @param unverified all else: trusted imports and frames of videos
   * @param videos the frames of videos
   */
  public record Engines(
      ImageEngine images, Set<VerifiedBy> trusted, ImageEngine unverified, VideoEngine videos) {
    /** Keeps them as they are now. */
    public Engines {
      trusted = Set.copyOf(trusted);
    }
  }

  /**
   * Wires it.
   *
   * @param failures what was tried in vain lately
   * @param underWay runs renderings, however many there are: the engines admit work
   * @param random for names
   * @param mezzanine the rule of what small variants are made from
   * @param mostPerMedia variants of one media that are kept
   * @param afterEviction is run when some were more, and their blobs are in the trash journal
   */
  public Variants(
      Engines engines,
      FailureMemory failures,
      Catalog catalog,
      BlobStore store,
      TempFolder temporary,
      SingleFlight<String, Variant> underWay,
      RandomGenerator random,
      Clock clock,
      Mezzanine mezzanine,
      int mostPerMedia,
      Runnable afterEviction) {
    this.store = store;
    this.trusted = engines.trusted();
    this.unverified = engines.unverified();
    this.videos = engines.videos();
    this.renderings =
        new Renderings(
            failures,
            catalog,
            store,
            temporary,
            underWay,
            random,
            clock,
            mostPerMedia,
            afterEviction);
    this.mezzanines = new Mezzanines(mezzanine, engines.images(), catalog, store, renderings);
  }

  /**
   * The variant of a media for a chain, made now if there is none.
   *
   * @param target JPEG, PNG or WebP
   * @param caller asked from time to time whether he still wants it
   * @throws dev.pictj.engine.CallerGoneException when he does not
   * @throws MediaException when the stored picture cannot be rendered within the limits
   * @throws IOException {@link dev.pictj.store.MissingBlobException} when the original is lost
   */
  public Variant findOrMake(Media media, Chain chain, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    Chain.Plan plan = plan(media, chain);
    Optional<Variant> known = find(media, plan, target);
    return known.isPresent() ? known.get() : make(media, chain, target, caller);
  }

  /**
   * The variant of a media for a chain, if it was made before and its bytes are what they were:
   * that is looked at once a run of the server. Whether they are still there is seen when they are
   * opened; see {@link #makeAgain}.
   *
   * @param target JPEG, PNG or WebP
   */
  public Optional<Variant> find(Media media, Chain chain, MediaType target) throws IOException {
    return find(media, plan(media, chain), target);
  }

  private Optional<Variant> find(Media media, Chain.Plan plan, MediaType target)
      throws IOException {
    return renderings.known(media, key(plan.key(), target));
  }

  /**
   * Whether a chain leaves a media as it is, in the format that it has: then its own bytes are the
   * result, all frames and every bit of them, and nothing is made or stored. Not those of an import
   * that nobody looked into, which may say more than is shown.
   */
  public static boolean changesNothing(Media media, Chain chain, MediaType target) {
    return media.details().type() == target
        && media.verified()
        && plan(media, chain).steps().isEmpty();
  }

  /** A video is seen as its first frame, which has the video's size. */
  private static Chain.Plan plan(Media media, Chain chain) {
    Chain.Plan plan = chain.plan(media.details().dimensions());
    return media.details().type().isMotion()
        ? new Chain.Plan(plan.steps(), plan.result(), FRAME + "_" + plan.key())
        : plan;
  }

  /**
   * What is done to a picture. Videos that older versions imported as they were may be seen in
   * another shape than their details tell.
   */
  private static List<RenderStep> steps(
      Media media, Mezzanines.Source source, Chain chain, Chain.Plan plan) {
    Dimensions seen = source.probed().dimensions();
    return media.details().type().isMotion() && !seen.equals(media.details().dimensions())
        ? chain.plan(seen).steps()
        : plan.steps();
  }

  /**
   * As {@link #findOrMake}, but looks whether the bytes of a known variant are still there, and
   * makes it again if not.
   */
  public Variant makeAgain(Media media, Chain chain, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    return make(media, chain, target, caller);
  }

  private Variant make(Media media, Chain chain, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    Chain.Plan plan = plan(media, chain);
    target.requireHolds(plan.result());
    String key = key(plan.key(), target);
    Optional<Variant> known = renderings.find(media, key);
    if (known.isPresent()) {
      return known.get();
    }
    renderings.requireNotFailed(media, key);
    Renderings.Rendering rendering =
        output -> {
          Mezzanines.Source source = source(media);
          if (source.verified()) {
            mezzanines.render(media, source, plan, target, output);
          } else {
            unverified.render(
                source.file(), source.probed(), steps(media, source, chain, plan), target, output);
          }
        };
    return renderings
        .join(
            new Renderings.Order(media, key, plan.key(), target, rendering, false),
            party(media, caller))
        .await(caller);
  }

  private static Party party(Media media, Caller caller) {
    return caller.party().orElseGet(() -> Party.ofPicture(media.filename()));
  }

  /** By this name the catalog knows a variant. */
  static String key(String chainKey, MediaType target) {
    return chainKey + "." + target.extension();
  }

  private Mezzanines.Source source(Media media)
      throws IOException, MediaException, EngineException, InterruptedException {
    Path file = store.file(BlobName.original(media.filename()));
    if (!media.details().type().isMotion()) {
      return new Mezzanines.Source(
          file, upright(probe.probeAgain(file)), trusted.contains(media.verifiedBy()));
    }
    Path still = store.file(blobName(media, still(media, file)));
    return new Mezzanines.Source(still, probe.probeAgain(still), false);
  }

  /**
   * Stored pixels are upright already; a tag that an unchecked import brought along is not applied
   * twice.
   */
  private static Probed upright(Probed probed) {
    return new Probed(
        probed.type(),
        probed.dimensions(),
        probed.frames(),
        Orientation.UPRIGHT,
        probed.cmyk(),
        probed.progressive());
  }

  /** Stored, for it is read as a file. */
  private Variant still(Media media, Path video)
      throws IOException, MediaException, EngineException, InterruptedException {
    String key = key(FRAME, MediaType.PNG);
    Optional<Variant> known = renderings.find(media, key);
    if (known.isPresent()) {
      return known.get();
    }
    renderings.requireNotFailed(media, key);
    renderings.forget(media, OUTDATED_FRAME);
    Renderings.Rendering rendering =
        output -> videos.firstFrame(video, probe.probeAgain(video), output);
    return renderings
        .join(
            new Renderings.Order(media, key, FRAME, MediaType.PNG, rendering, true),
            Party.current())
        .awaitAsPart();
  }

  /** The stored bytes of a variant. */
  public static BlobName blobName(Media media, Variant variant) {
    return BlobName.variant(media.filename(), variant.blob());
  }
}
