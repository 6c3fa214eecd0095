package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Party;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Details;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Makes variants and stores them, each once: who wants one that is under way joins those who wait
 * for it.
 */
final class Renderings implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Renderings.class);

  private final FailureMemory failures;
  private final Catalog catalog;
  private final BlobStore store;
  private final TempFolder temporary;
  private final Executor executor;
  private final RandomGenerator random;
  private final Clock clock;
  private final WriteBehind writeBehind;
  private final int mostPerMedia;
  private final HeaderProbe probe = new HeaderProbe();
  private final Map<String, SharedWork> underWay = new ConcurrentHashMap<>();

  /** As {@link Variants} is wired. */
  Renderings(
      FailureMemory failures,
      Catalog catalog,
      BlobStore store,
      TempFolder temporary,
      Executor executor,
      RandomGenerator random,
      Clock clock,
      WriteBehind writeBehind,
      int mostPerMedia) {
    this.failures = failures;
    this.catalog = catalog;
    this.store = store;
    this.temporary = temporary;
    this.executor = executor;
    this.random = random;
    this.clock = clock;
    this.writeBehind = writeBehind;
    this.mostPerMedia = mostPerMedia;
  }

  /**
   * A variant to be made.
   *
   * @param label what its blob's name begins with
   * @param toSend whether it is for a client; else it is read as a file
   */
  record Order(
      Media media,
      String key,
      String label,
      MediaType target,
      Rendering rendering,
      boolean toSend) {
    /** By this name it is under way. */
    private String job() {
      return Renderings.job(media, key);
    }
  }

  private static String job(Media media, String key) {
    // Not the hash: content that was deleted and uploaded again must not wait for the old one's.
    return media.filename() + "/" + key;
  }

  /**
   * Tells whether a variant was tried in vain lately.
   *
   * @throws MediaException if it was, the same again
   */
  void requireNotFailed(Media media, String key) throws MediaException {
    failures.requireNone(job(media, key));
  }

  /** One rendering; what it throws is thrown again for everyone who waits. */
  @FunctionalInterface
  interface Rendering {
    void into(Path output)
        throws IOException, MediaException, EngineException, InterruptedException;
  }

  /**
   * The work under way for this variant, begun now if there is none.
   *
   * @param party on whose behalf it is begun
   */
  SharedWork join(Order order, Party party) {
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
              ScopedValue.where(Party.CURRENT, party).run(() -> run(order, mine));
            });
      } catch (RuntimeException e) {
        underWay.remove(order.job(), mine);
        mine.failed(e);
      }
    }
    return joined;
  }

  /** A variant whose bytes are as long as they were; one whose bytes are lost is forgotten. */
  Optional<Variant> find(Media media, String key) throws IOException {
    Optional<Variant> known = catalog.variant(media, key);
    if (known.isPresent()
        && store.size(Variants.blobName(media, known.get())).orElse(-1) != known.get().size()) {
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
      failures.add(order.job(), failure);
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
    try (TempFile rendered = temporary.next("variant")) {
      Path file = rendered.path();
      order.rendering().into(file);
      Probed probed = probe.probeAgain(file);
      long size = Files.size(file);
      work.beginToStore();
      Optional<WriteBehind.Share> share =
          order.toSend() ? writeBehind.take(size) : Optional.empty();
      try {
        Variant variant;
        if (share.isPresent()) {
          byte[] bytes = Files.readAllBytes(file);
          variant = variant(order, probed, size, ContentHash.of(bytes));
          requireStillThere(order.media());
          share.get().fill(bytes);
          work.made(Made.unstored(variant, share.get()));
        } else {
          variant = variant(order, probed, size, ContentHash.of(file));
        }
        store(order, variant, file);
        return variant;
      } finally {
        share.ifPresent(WriteBehind.Share::letGo);
      }
    }
  }

  private Variant variant(Order order, Probed probed, long size, String hash) {
    String blob =
        "%s.%s.%s"
            .formatted(
                order.label(),
                HexFormat.of().toHexDigits(random.nextInt()),
                order.target().extension());
    Details details =
        new Details(probed.dimensions(), order.target(), probed.frames(), clock.instant());
    return new Variant(blob, hash, size, details);
  }

  /** What was deleted while it was rendered is not sent any more. */
  private void requireStillThere(Media media) {
    if (catalog.findByFilename(media.filename()).isEmpty()) {
      throw new MediaGoneException();
    }
  }

  private void store(Order order, Variant variant, Path file) throws IOException {
    BlobName name = Variants.blobName(order.media(), variant);
    store.put(name, file);
    boolean added =
        order.toSend()
            ? catalog.addVariant(order.media(), order.key(), variant, mostPerMedia).isPresent()
            : catalog.addIntermediate(order.media(), order.key(), variant);
    if (!added) {
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
}
