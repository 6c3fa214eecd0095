package dev.pictj.process;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Media;
import dev.pictj.engine.Caller;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.preview.PreviewMaker;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The previews of media. A preview that the upload did not make, or that an older version made
 * without facts, is made when it is first asked for, and noted.
 */
public final class Previews {
  private static final Logger log = LoggerFactory.getLogger(Previews.class);

  /** The most media remembered whose failed preview was logged; others may be logged again. */
  private static final int MAX_LOGGED_MEDIA = 1000;

  private final PreviewMaker maker;
  private final FailureMemory failures;
  private final Catalog catalog;
  private final BlobStore store;
  private final SingleFlight<String, Preview> underWay;
  private final boolean noted;
  private final boolean facts;
  private final HeaderProbe probe = new HeaderProbe();
  private final Cache<String, Boolean> told =
      Caffeine.newBuilder().maximumSize(MAX_LOGGED_MEDIA).executor(Runnable::run).build();

  /**
   * Makes previews by these components.
   *
   * @param noted whether one that is made now is noted; else it is made each time
   * @param facts whether {@link #find} makes one anew that has none
   */
  public Previews(
      PreviewMaker maker,
      FailureMemory failures,
      Catalog catalog,
      BlobStore store,
      SingleFlight<String, Preview> underWay,
      boolean noted,
      boolean facts) {
    this.maker = maker;
    this.failures = failures;
    this.catalog = catalog;
    this.store = store;
    this.underWay = underWay;
    this.noted = noted;
    this.facts = facts;
  }

  /**
   * The preview of a media, with facts where they are wanted; without them, or empty, where none
   * can be made now.
   */
  public Optional<Preview> find(Media media, Caller caller) throws InterruptedException {
    try {
      return Optional.of(get(media, caller, facts));
    } catch (IOException | MediaException | EngineException | OverloadedException e) {
      // An overloaded server says nothing about the media.
      boolean first =
          !(e instanceof OverloadedException)
              && told.asMap().putIfAbsent(media.filename(), true) == null;
      log.atLevel(first ? Level.INFO : Level.DEBUG)
          .log("{} has no preview, or none with facts: {}", media.filename(), e.getMessage());
      return media.preview();
    }
  }

  /**
   * The preview of a media, maybe without facts.
   *
   * @param caller asked from time to time whether he still wants it
   * @throws dev.pictj.engine.CallerGoneException when he does not
   * @throws MediaException when the stored picture cannot be decoded within the limits
   * @throws IOException {@link dev.pictj.store.MissingBlobException} when it is lost
   */
  public Preview get(Media media, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    return get(media, caller, false);
  }

  /**
   * The perceptual hash of a media; what else {@link #get} says of the preview holds for it.
   *
   * @return empty where none can be made
   */
  public Optional<Phash> phash(Media media, Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    return Phash.of(Optional.of(get(media, caller, true)));
  }

  private Preview get(Media media, Caller caller, boolean whole)
      throws IOException, MediaException, EngineException, InterruptedException {
    Optional<Preview> known = media.preview().filter(one -> !whole || one.facts().isPresent());
    if (known.isPresent()) {
      return known.get();
    }
    failures.requireNone(work(media));
    Party party = caller.party().orElseGet(() -> Party.ofPicture(media.filename()));
    return underWay.join(media.filename(), party, _ -> make(media)).await(caller);
  }

  private static String work(Media media) {
    return "preview " + media.filename();
  }

  private Preview make(Media media) throws Exception {
    // Another request may have finished between the look-up and the claim.
    Optional<Preview> known =
        catalog
            .findByHash(media.hash())
            .flatMap(Media::preview)
            .filter(one -> one.facts().isPresent());
    if (known.isPresent()) {
      return known.get();
    }
    AtomicReference<Preview> result = new AtomicReference<>();
    try {
      store.withFile(
          BlobName.original(media.filename()),
          file -> result.set(maker.make(file, probe.probeAgain(file), media.verifiedBy())));
    } catch (MediaException e) {
      failures.add(work(media), e);
      throw e;
    }
    Preview made = Objects.requireNonNull(result.get());
    if (noted) {
      note(media, made);
    }
    return made;
  }

  private void note(Media media, Preview made) {
    try {
      catalog.addPreview(media, made);
    } catch (CatalogException e) {
      log.warn("could not note the preview of {}", media.filename(), e);
    }
  }
}
