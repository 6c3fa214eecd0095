package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.Caller;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.media.Details;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.StoreReadOnlyException;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Finds variants or makes them, each once: identical requests at the same time wait for one
 * rendering, which is called off when the last of them has gone.
 *
 * <p>A variant that exists is found without asking anyone for admission, however busy the engines
 * are.
 */
public final class Variants implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Variants.class);

  /** The key of the first frame of a video; no chain has it. */
  private static final String STILL = "still";

  private final Catalog catalog;
  private final BlobStore store;
  private final ImageEngine images;
  private final Set<VerifiedBy> trusted;
  private final ImageEngine unverified;
  private final VideoEngine videos;
  private final HeaderProbe probe = new HeaderProbe();
  private final MetadataStripper stripper = new MetadataStripper();
  private final TempFolder temporary;
  private final Executor executor;
  private final RandomGenerator random;
  private final Clock clock;
  private final Mezzanine mezzanine;
  private final Demand demand = new Demand();
  private final Semaphore making = new Semaphore(1);
  private final WriteBehind writeBehind;
  private final Map<String, SharedWork> underWay = new ConcurrentHashMap<>();

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
   * @param executor runs renderings; it may have as many threads as it likes, the engines admit
   *     work
   * @param random for names
   * @param mezzanine the rule of what small variants are made from
   * @param writeBehind bytes of variants that may be sent before they are stored
   */
  public Variants(
      Engines engines,
      Catalog catalog,
      BlobStore store,
      TempFolder temporary,
      Executor executor,
      RandomGenerator random,
      Clock clock,
      Mezzanine mezzanine,
      int writeBehind) {
    this.catalog = catalog;
    this.store = store;
    this.images = engines.images();
    this.trusted = engines.trusted();
    this.unverified = engines.unverified();
    this.videos = engines.videos();
    this.temporary = temporary;
    this.executor = executor;
    this.random = random;
    this.clock = clock;
    this.mezzanine = mezzanine;
    this.writeBehind = new WriteBehind(writeBehind);
  }

  /**
   * A variant to be made.
   *
   * @param label what its blob's name begins with
   * @param toSend whether it is for a client; else it is read as a file
   */
  private record Order(
      Media media,
      String key,
      String label,
      MediaType target,
      Rendering rendering,
      boolean toSend) {
    /** By this name it is under way. */
    private String job() {
      // Not the hash: content that was deleted and uploaded again must not wait for the old one's.
      return media.filename() + "/" + key;
    }
  }

  /** What a rendering starts from. */
  private record Source(Path file, Probed probed, boolean verified) {}

  /** One rendering; what it throws is thrown again for everyone who waits. */
  @FunctionalInterface
  private interface Rendering {
    void into(Path output)
        throws IOException, MediaException, EngineException, InterruptedException;
  }

  /**
   * The variant of a media for a chain, made now if there is none. It may be in memory only, see
   * {@link Made#bytes}.
   *
   * @param target JPEG, PNG or WebP
   * @param caller asked from time to time whether he still wants it
   * @throws dev.pictj.engine.CallerGoneException when he does not
   * @throws MediaException when the stored picture cannot be rendered within the limits
   * @throws IOException {@link dev.pictj.store.MissingBlobException} when the original is lost
   */
  public Made findOrMake(Media media, Chain chain, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    Chain.Plan plan = plan(media, chain);
    Optional<Variant> known = find(media, plan, target);
    return known.isPresent() ? Made.stored(known.get()) : make(media, plan, target, caller);
  }

  /**
   * The variant of a media for a chain, if it was made before. Whether the bytes are there is seen
   * when they are opened; see {@link #makeAgain}.
   *
   * @param target JPEG, PNG or WebP
   */
  public Optional<Variant> find(Media media, Chain chain, MediaType target) {
    return find(media, plan(media, chain), target);
  }

  private Optional<Variant> find(Media media, Chain.Plan plan, MediaType target) {
    return catalog.variant(media, key(plan.key(), target));
  }

  /** A video is seen as its first frame, which has the video's size. */
  private static Chain.Plan plan(Media media, Chain chain) {
    return chain.plan(media.details().dimensions());
  }

  /**
   * As {@link #findOrMake}, but looks whether the bytes of a known variant are still there, and
   * makes it again if not.
   */
  public Made makeAgain(Media media, Chain chain, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    return make(media, plan(media, chain), target, caller);
  }

  private Made make(Media media, Chain.Plan plan, MediaType target, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    String key = key(plan.key(), target);
    Optional<Variant> known = find(media, key);
    if (known.isPresent()) {
      return Made.stored(known.get());
    }
    Rendering rendering =
        output -> {
          Source source = source(media);
          if (source.verified()) {
            render(media, source, plan, target, output);
          } else {
            unverified.render(source.file(), source.probed(), plan.steps(), target, output);
          }
        };
    return join(new Order(media, key, plan.key(), target, rendering, true)).awaitMade(caller);
  }

  /** From the mezzanine where there is one for it, which nothing depends on. */
  private void render(Media media, Source source, Chain.Plan plan, MediaType target, Path output)
      throws IOException, MediaException, EngineException, InterruptedException {
    forgetOutdatedMezzanine(media, source);
    Optional<Mezzanine.Use> use =
        mezzanine.of(source.file(), source.probed(), plan.steps(), target);
    if (use.isPresent() && renderFromMezzanine(media, use.get(), target, output)) {
      return;
    }
    images.render(source.file(), source.probed(), plan.steps(), target, output);
    if (use.isPresent() && demand.grows(media.filename(), key(plan.key(), target))) {
      makeMezzanine(media, source, use.get().copy());
    }
  }

  /** One that was made under other settings; whoever comes later shall not find it. */
  private void forgetOutdatedMezzanine(Media media, Source source) throws IOException {
    String key = key(Mezzanine.KEY, Mezzanine.type(source.probed().type()));
    Optional<Variant> known = catalog.variant(media, key);
    if (known.isEmpty()) {
      return;
    }
    Optional<Mezzanine.Copy> copy = mezzanine.copyOf(source.file(), source.probed());
    if (copy.isEmpty() || !copy.get().is(known.get())) {
      catalog.removeVariant(media, key, known.get());
    }
  }

  /** Whether that could be done. */
  private boolean renderFromMezzanine(Media media, Mezzanine.Use use, MediaType target, Path output)
      throws IOException, InterruptedException {
    String key = key(Mezzanine.KEY, use.copy().type());
    Optional<Variant> known = find(media, key);
    if (known.isEmpty()) {
      return false;
    }
    try {
      Path file = store.file(blobName(media, known.get()));
      images.render(file, probe.probe(file), use.steps(), target, use.result(), output);
      return true;
    } catch (EngineException e) {
      log.info("rendering {} from the original, for {}", media.filename(), e.getMessage());
      return false;
    } catch (MissingBlobException | MediaException e) {
      log.warn("the mezzanine of {} is lost or damaged: {}", media.filename(), e.getMessage());
    }
    demand.forget(media.filename());
    catalog.removeVariant(media, key, known.get());
    return false;
  }

  /**
   * In the background, one at a time, so that most of the machine stays with those who wait for
   * something. With the second variant, because by then the originals' decoding has cost about as
   * much as a mezzanine does: whatever is asked for later, at most about twice of what was needed
   * is spent.
   */
  private void makeMezzanine(Media media, Source source, Mezzanine.Copy copy) {
    if (!making.tryAcquire()) {
      return;
    }
    demand.meet(media.filename());
    SharedWork work =
        join(
            new Order(
                media,
                key(Mezzanine.KEY, copy.type()),
                copy.name(),
                copy.type(),
                output ->
                    images.render(
                        source.file(),
                        source.probed(),
                        List.of(new RenderStep.Average(copy.size())),
                        copy.type(),
                        copy.stored(),
                        output),
                false));
    CompletableFuture<Made> _ =
        work.stored().whenComplete((_, failure) -> mezzanineEnded(media, failure));
  }

  private void mezzanineEnded(Media media, Throwable failure) {
    making.release();
    switch (failure) {
      // Were it lost one day, it would be made again.
      case null -> demand.forget(media.filename());
      case OverloadedException _, StoreReadOnlyException _ -> demand.forget(media.filename());
      default -> log.info("{} will have no mezzanine", media.filename(), failure);
    }
  }

  private static String key(String chainKey, MediaType target) {
    return chainKey + "." + target.extension();
  }

  private Source source(Media media)
      throws IOException, MediaException, EngineException, InterruptedException {
    Path file = store.file(BlobName.original(media.filename()));
    if (!media.details().type().isMotion()) {
      return new Source(file, upright(probe.probe(file)), trusted.contains(media.verifiedBy()));
    }
    Variant still = still(media, file);
    Path stillFile = store.file(blobName(media, still));
    return new Source(stillFile, probe.probe(stillFile), false);
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
    String key = key(STILL, MediaType.JPEG);
    Optional<Variant> known = find(media, key);
    if (known.isPresent()) {
      return known.get();
    }
    Rendering rendering = output -> videos.firstFrame(video, output);
    // Called off by an interruption of this thread.
    return join(new Order(media, key, STILL, MediaType.JPEG, rendering, false))
        .awaitStored(Caller.PATIENT)
        .variant();
  }

  /** The work under way for this variant, begun now if there is none. */
  private SharedWork join(Order order) {
    SharedWork mine = new SharedWork();
    SharedWork joined =
        underWay.compute(
            order.job(), (_, theirs) -> theirs != null && theirs.join() ? theirs : mine);
    if (joined == mine) {
      Map<String, String> context = MDC.getCopyOfContextMap();
      try {
        executor.execute(
            () -> {
              // The lines it logs belong to the request that began it.
              MDC.setContextMap(context == null ? Map.of() : context);
              run(order, mine);
            });
      } catch (RuntimeException e) {
        underWay.remove(order.job(), mine);
        mine.failed(e);
      }
    }
    return joined;
  }

  /** A variant whose bytes are as long as they were; one whose bytes are lost is forgotten. */
  private Optional<Variant> find(Media media, String key) throws IOException {
    Optional<Variant> known = catalog.variant(media, key);
    if (known.isPresent()
        && store.size(blobName(media, known.get())).orElse(-1) != known.get().size()) {
      log.warn("variant {} of {} is lost or damaged and will be made again", key, media.filename());
      catalog.removeVariant(media, key, known.get());
      return Optional.empty();
    }
    return known;
  }

  private void run(Order order, SharedWork work) {
    Variant variant = null;
    Throwable failure = null;
    try {
      work.begin();
      // Another one may have finished between the look-up and the claim.
      Optional<Variant> known = find(order.media(), order.key());
      variant = known.isPresent() ? known.get() : make(order, work);
    } catch (IOException | MediaException | EngineException e) {
      failure = cause(order.media(), e);
    } catch (Throwable e) {
      failure = e;
    } finally {
      work.end();
      // Whoever tries again after a failure shall not find this one.
      underWay.remove(order.job(), work);
    }
    if (failure == null) {
      work.ended(Made.stored(variant));
    } else if (!work.failed(failure) && !(failure instanceof MediaGoneException)) {
      // In one line: on a full disk there may be many.
      log.warn(
          "variant {} of {} was sent, but could not be stored: {}",
          order.key(),
          order.media().filename(),
          failure.toString());
    }
  }

  /** A picture deleted while a tool reads it fails in many ways; none of them is its own fault. */
  private Exception cause(Media media, Exception failure) {
    try {
      requireStillThere(media);
      return failure;
    } catch (MediaGoneException gone) {
      gone.addSuppressed(failure);
      return gone;
    }
  }

  private Variant make(Order order, SharedWork work)
      throws IOException, MediaException, EngineException, InterruptedException {
    store.requireWritable();
    try (TempFile rendered = temporary.next("variant");
        TempFile bare = temporary.next("variant")) {
      order.rendering().into(rendered.path());
      stripper.strip(order.target(), rendered.path(), bare.path());
      Probed probed = probe.probe(bare.path());
      String blob =
          "%s.%s.%s"
              .formatted(
                  order.label(),
                  HexFormat.of().toHexDigits(random.nextInt()),
                  order.target().extension());
      Variant variant =
          new Variant(
              blob,
              ContentHash.of(bare.path()),
              Files.size(bare.path()),
              new Details(probed.dimensions(), order.target(), probed.frames(), clock.instant()));
      work.beginToStore();
      Optional<WriteBehind.Share> share =
          order.toSend() ? writeBehind.take(variant.size()) : Optional.empty();
      try {
        if (share.isPresent()) {
          requireStillThere(order.media());
          share.get().fill(Files.readAllBytes(bare.path()));
          work.made(Made.unstored(variant, share.get()));
        }
        store(order, variant, bare.path());
      } finally {
        share.ifPresent(WriteBehind.Share::letGo);
      }
      return variant;
    }
  }

  /** What was deleted while it was rendered is not sent any more. */
  private void requireStillThere(Media media) {
    if (catalog.findByFilename(media.filename()).isEmpty()) {
      throw new MediaGoneException();
    }
  }

  private void store(Order order, Variant variant, Path file) throws IOException {
    BlobName name = blobName(order.media(), variant);
    store.put(name, file);
    if (!catalog.addVariant(order.media(), order.key(), variant)) {
      store.delete(name);
      throw new MediaGoneException();
    }
  }

  /**
   * Waits a while until what was sent is stored; to be called when nothing is asked for any more.
   */
  @Override
  public void close() {
    try {
      if (!writeBehind.drain()) {
        log.warn("some variants that were sent could not be stored, and will be made again");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The stored bytes of a variant. */
  public static BlobName blobName(Media media, Variant variant) {
    return BlobName.variant(media.filename(), variant.blob());
  }
}
