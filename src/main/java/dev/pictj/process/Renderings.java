package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Flight;
import dev.pictj.engine.Party;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Details;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.Durability;
import dev.pictj.store.MissingBlobException;
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
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes variants and stores them, each once. */
final class Renderings {
  private static final Logger log = LoggerFactory.getLogger(Renderings.class);

  private final FailureMemory failures;
  private final Catalog catalog;
  private final BlobStore store;
  private final TempFolder temporary;
  private final RandomGenerator random;
  private final Clock clock;
  private final int mostPerMedia;
  private final Runnable afterEviction;
  private final Verified verified = new Verified();
  private final HeaderProbe probe = new HeaderProbe();
  private final SingleFlight<String, Variant> underWay;

  /** As {@link Variants} is wired. */
  Renderings(
      FailureMemory failures,
      Catalog catalog,
      BlobStore store,
      TempFolder temporary,
      SingleFlight<String, Variant> underWay,
      RandomGenerator random,
      Clock clock,
      int mostPerMedia,
      Runnable afterEviction) {
    this.failures = failures;
    this.catalog = catalog;
    this.store = store;
    this.temporary = temporary;
    this.underWay = underWay;
    this.random = random;
    this.clock = clock;
    this.mostPerMedia = mostPerMedia;
    this.afterEviction = afterEviction;
  }

  /**
   * A variant to be made.
   *
   * @param label what its blob's name begins with
   * @param intermediate whether others are made from it
   */
  record Order(
      Media media,
      String key,
      String label,
      MediaType target,
      Rendering rendering,
      boolean intermediate) {
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
  Flight<Variant> join(Order order, Party party) {
    return underWay.join(order.job(), party, flight -> run(order, flight));
  }

  /**
   * A variant that was whole when it was last looked at. Whether its bytes are still there is seen
   * when they are opened.
   */
  Optional<Variant> known(Media media, String key) throws IOException {
    Optional<Variant> known = catalog.variant(media, key);
    return known.isEmpty() || verified.has(media, known.get()) ? known : find(media, key);
  }

  /** A variant whose bytes are there and whole; one whose bytes are not is forgotten. */
  Optional<Variant> find(Media media, String key) throws IOException {
    Optional<Variant> known = catalog.variant(media, key);
    if (known.isPresent() && !isWhole(media, known.get())) {
      log.warn("variant {} of {} is lost or damaged and will be made again", key, media.filename());
      catalog.removeVariant(media, key, known.get());
      return Optional.empty();
    }
    return known;
  }

  /** Gives up a variant, where there is one. */
  void forget(Media media, String key) {
    catalog.variant(media, key).ifPresent(known -> catalog.removeVariant(media, key, known));
  }

  /** A power cut may leave other bytes of the same length, so hashes are compared once a run. */
  private boolean isWhole(Media media, Variant variant) throws IOException {
    BlobName name = Variants.blobName(media, variant);
    if (verified.has(media, variant)) {
      return store.size(name).orElse(-1) == variant.size();
    }
    try (Blob blob = store.open(name, variant.size())) {
      if (!ContentHash.of(blob).equals(variant.hash())) {
        return false;
      }
    } catch (MissingBlobException _) {
      return false;
    }
    verified.add(media, variant);
    return true;
  }

  private Variant run(Order order, Flight<Variant> flight)
      throws IOException, MediaException, EngineException, InterruptedException {
    try {
      // Another one may have finished between the look-up and the claim.
      Optional<Variant> known = find(order.media(), order.key());
      return known.isPresent() ? known.get() : make(order, flight);
    } catch (IOException | MediaException | EngineException e) {
      requireStillThere(order.media(), e);
      failures.add(order.job(), e);
      throw e;
    }
  }

  /** A picture deleted while a tool reads it fails in many ways; none of them is its own fault. */
  private void requireStillThere(Media media, Exception failure) {
    if (catalog.findByFilename(media.filename()).isEmpty()) {
      MediaGoneException gone = new MediaGoneException();
      gone.addSuppressed(failure);
      throw gone;
    }
  }

  private Variant make(Order order, Flight<Variant> flight)
      throws IOException, MediaException, EngineException, InterruptedException {
    store.requireWritable();
    try (TempFile rendered = temporary.next("variant")) {
      Path file = rendered.path();
      order.rendering().into(file);
      Probed probed = probe.probeAgain(file);
      long size = Files.size(file);
      flight.commit();
      Variant variant = variant(order, probed, size, ContentHash.of(file));
      store(order, variant, file);
      return variant;
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

  private void store(Order order, Variant variant, Path file) throws IOException {
    Media media = order.media();
    BlobName name = Variants.blobName(media, variant);
    store.put(Map.of(name, file), Durability.REMADE_IF_LOST);
    if (!add(order, variant)) {
      store.delete(name);
      throw new MediaGoneException();
    }
    verified.add(media, variant);
  }

  /** False when the media is gone. */
  private boolean add(Order order, Variant variant) {
    if (order.intermediate()) {
      return catalog.addIntermediate(order.media(), order.key(), variant);
    }
    Optional<List<String>> evicted =
        catalog.addVariant(order.media(), order.key(), variant, mostPerMedia);
    if (evicted.isPresent() && !evicted.get().isEmpty()) {
      // Else whoever makes them faster than the trash is emptied would fill the disk.
      afterEviction.run();
    }
    return evicted.isPresent();
  }
}
