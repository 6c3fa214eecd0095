package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.engine.Caller;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Flight;
import dev.pictj.engine.Party;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Finds variants or makes them, each once: identical requests at the same time wait for one
 * rendering, which goes on for a while when the last of them has gone.
 *
 * <p>A variant that exists is found without asking anyone for admission, however busy the engines
 * are.
 */
public final class Variants {
  private final StoredVariants stored;
  private final VariantMaker maker;
  private final Renderer renderer;

  /**
   * Makes variants by these components.
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
      SingleFlight<VariantKey, Variant> underWay,
      RandomGenerator random,
      Clock clock,
      Mezzanine mezzanine,
      int mostPerMedia,
      Runnable afterEviction) {
    this.stored = new StoredVariants(catalog, store, mostPerMedia, afterEviction);
    this.maker = new VariantMaker(failures, stored, store, temporary, underWay, random, clock);
    this.renderer = new Renderer(engines, stored, maker, store, mezzanine);
  }

  /**
   * The variant of a media for a chain, made now if there is none. The hash of its bytes is
   * compared once in a run of the server. That they are still there is seen when they are opened,
   * see {@link #makeAgain}.
   *
   * @param target any format that stills or animations are made in
   * @param caller asked from time to time whether he still wants it
   * @throws dev.pictj.engine.CallerGoneException when he does not
   * @throws MediaException when the stored picture cannot be rendered within the limits
   * @throws IOException {@link dev.pictj.store.MissingBlobException} when the original is lost
   */
  public Variant findOrMake(Media media, Chain chain, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    Optional<Variant> known = stored.known(key(media, plan(media, chain), target));
    return known.isPresent() ? known.get() : makeAgain(media, chain, target, caller);
  }

  /** The variant of a media for a chain where there is one; see {@link #findOrMake}. */
  public Optional<Variant> find(Media media, Chain chain, MediaType target) throws IOException {
    return stored.known(key(media, plan(media, chain), target));
  }

  /**
   * Whether a chain leaves a media as it is, in the format that it has: then its own bytes are the
   * result, all frames and every bit of them, and nothing is made or stored. The bytes of an import
   * that was not verified are never the result, because they may contain metadata. A file that was
   * never read, and so has no size, is always its own result.
   */
  public static boolean changesNothing(Media media, Chain chain, MediaType target) {
    if (media.details().dimensions().equals(Dimensions.NONE)) {
      return true;
    }
    return media.details().type() == target
        && media.verified()
        && plan(media, chain).steps().isEmpty();
  }

  /** A video is seen as its first frame, which has the video's size. */
  private static Chain.Plan plan(Media media, Chain chain) {
    Chain.Plan plan = chain.plan(media.details().dimensions());
    return media.details().type().has(MediaType.Trait.VIDEO)
        ? new Chain.Plan(plan.steps(), plan.result(), Renderer.FRAME + "_" + plan.key())
        : plan;
  }

  /**
   * Does {@link #findOrMake}, but looks whether the bytes of a known variant are still there, and
   * makes it again if not.
   */
  public Variant makeAgain(Media media, Chain chain, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    Chain.Plan plan = plan(media, chain);
    target.requireHolds(plan.result());
    VariantKey key = key(media, plan, target);
    Optional<Variant> known = stored.find(key);
    if (known.isPresent()) {
      return known.get();
    }
    Party party = caller.party().orElseGet(() -> Party.ofPicture(media.filename()));
    return join(media, chain, plan, key, target, party).await(caller);
  }

  /**
   * The key of a variant that can be made, for all that is known of it.
   *
   * @throws MediaException when the format cannot hold it, or it was tried in vain lately
   */
  VariantKey requireMakeable(Media media, Chain chain, MediaType target) throws MediaException {
    Chain.Plan plan = plan(media, chain);
    target.requireHolds(plan.result());
    VariantKey key = key(media, plan, target);
    maker.requireNotFailed(key);
    return key;
  }

  /**
   * Begins to make the variant of a media for a chain, or joins those who do, without waiting.
   *
   * @return what comes of it; empty when it is there already
   */
  Optional<CompletableFuture<Variant>> begin(
      Media media, Chain chain, MediaType target, Party party) throws IOException, MediaException {
    Chain.Plan plan = plan(media, chain);
    target.requireHolds(plan.result());
    VariantKey key = key(media, plan, target);
    return stored.find(key).isPresent()
        ? Optional.empty()
        : Optional.of(join(media, chain, plan, key, target, party).result());
  }

  private Flight<Variant> join(
      Media media, Chain chain, Chain.Plan plan, VariantKey key, MediaType target, Party party)
      throws MediaException {
    maker.requireNotFailed(key);
    return maker.join(
        new VariantMaker.Order(
            key,
            plan.key(),
            target,
            false,
            output -> renderer.render(media, chain, plan, key, target, output)),
        party);
  }

  private static VariantKey key(Media media, Chain.Plan plan, MediaType target) {
    return VariantKey.of(media, plan.key() + "." + target.extension());
  }

  /** How many variants were made since the start. */
  public long made() {
    return maker.made();
  }

  /** The stored bytes of a variant. */
  public static BlobName blobName(Media media, Variant variant) {
    return BlobName.variant(media.filename(), variant.blob());
  }
}
