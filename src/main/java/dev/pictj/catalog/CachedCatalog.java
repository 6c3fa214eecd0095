package dev.pictj.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.BackgroundUploads.Upload;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A catalog that remembers what aliases and variants were asked for lately, so that a picture in
 * demand is found without the database.
 *
 * <p>What a name points to never changes while it exists but for a preview that comes later, so an
 * entry is wrong only then, and once its name is gone. Every method that takes names away drops
 * their entries before it returns, also when it fails, for a failed write may have been done. An
 * entry that is being loaded meanwhile is dropped too: the cache runs the two one after the other.
 * Names that do not exist are not remembered.
 */
public final class CachedCatalog implements Catalog {
  /** Variants whose last use is noted between two writes, even where fewer entries are cached. */
  private static final int MIN_NOTED_CHANGES = 1000;

  private final Catalog catalog;
  private final Cache<String, Media> media;
  private final Cache<VariantKey, Variant> variants;
  private final int entries;
  private final boolean readOnly;

  private final InstantSource clock;

  /** Times of the last use of variants, to be written down; beyond a bound they are forgotten. */
  private final Map<VariantKey, Instant> asked = new ConcurrentHashMap<>();

  /**
   * Puts a cache before a catalog.
   *
   * @param entries most media, and most variants, to remember; about half a kilobyte each
   * @param readOnly whether nothing is written down that looking at pictures brings about
   */
  public CachedCatalog(Catalog catalog, int entries, boolean readOnly, InstantSource clock) {
    this.readOnly = readOnly;
    this.clock = clock;
    this.catalog = catalog;
    this.entries = entries;
    this.media = cache(entries);
    this.variants = cache(entries);
  }

  /** A cache whose housekeeping is done by the calling threads, because it is short. */
  private static <K, V> Cache<K, V> cache(int entries) {
    return Caffeine.newBuilder().maximumSize(entries).executor(Runnable::run).build();
  }

  @Override
  public Optional<Media> find(String alias) {
    return Optional.ofNullable(media.get(alias, name -> catalog.find(name).orElse(null)));
  }

  @Override
  public Optional<Variant> variant(VariantKey key) {
    Variant found = variants.get(key, missed -> catalog.variant(missed).orElse(null));
    if (found != null) {
      Instant now = clock.instant();
      if (asked.replace(key, now) == null && asked.size() < Math.max(entries, MIN_NOTED_CHANGES)) {
        asked.put(key, now);
      }
    }
    return Optional.ofNullable(found);
  }

  /** Writes down which variants were asked for since the last time, and when. */
  public void writeAsked() {
    writeAsked(_ -> true);
  }

  private void writeAsked(Predicate<VariantKey> which) {
    Map<VariantKey, Instant> since = new HashMap<>(asked);
    since.keySet().removeIf(which.negate());
    // A variant that was asked for again meanwhile stays, with its later time.
    since.forEach(asked::remove);
    if (!since.isEmpty() && !readOnly) {
      asked(since);
    }
  }

  @Override
  public void asked(Map<VariantKey, Instant> variants) {
    catalog.asked(variants);
  }

  /** Writes the times of use down first, because the variants to drop are chosen by them. */
  @Override
  public Dropped dropVariants(Instant askedBefore, long bytes, int most) {
    writeAsked();
    try {
      Dropped dropped = catalog.dropVariants(askedBefore, bytes, most);
      variants.invalidateAll(dropped.variants());
      return dropped;
    } catch (RuntimeException e) {
      // Some may have been dropped, and it is not known which.
      variants.invalidateAll();
      throw e;
    }
  }

  @Override
  public Unlinked unlink(String alias, String deleteToken) {
    return unlink(alias, () -> catalog.unlink(alias, deleteToken));
  }

  @Override
  public Unlinked unlink(String alias) {
    return unlink(alias, () -> catalog.unlink(alias));
  }

  private Unlinked unlink(String alias, Supplier<Unlinked> step) {
    Optional<Media> pointedTo = catalog.find(alias);
    Unlinked done = null;
    try {
      done = step.get();
      return done;
    } finally {
      media.invalidate(alias);
      if (done == null || done == Unlinked.MEDIA_REMOVED) {
        pointedTo.ifPresent(gone -> dropVariants(gone.filename()));
      }
    }
  }

  /** Walks through all entries, which takes no time beside a write that waits for the disk. */
  private void dropVariants(String filename) {
    variants.asMap().keySet().removeIf(key -> key.filename().equals(filename));
  }

  @Override
  public List<String> purge(String hash, List<Denied> denied) {
    Optional<Media> known = catalog.findByHash(hash);
    Set<String> gone = new HashSet<>(catalog.aliases(hash));
    try {
      List<String> removed = catalog.purge(hash, denied);
      gone.addAll(removed);
      return removed;
    } finally {
      // One by one, because only that waits for look-ups of these names that are under way.
      gone.forEach(media::invalidate);
      known.ifPresent(one -> dropVariants(one.filename()));
    }
  }

  @Override
  public boolean clearRemoved() {
    // No row of the media can be found any more, so none may stay in the cache.
    return catalog.clearRemoved();
  }

  /** Writes the times of use down first: variants of this media may be evicted by them. */
  @Override
  public Optional<Added> addVariant(VariantKey key, Variant variant, int most) {
    if (most != NOT_COUNTED) {
      writeAsked(one -> one.filename().equals(key.filename()));
    }
    try {
      Optional<Added> added = catalog.addVariant(key, variant, most);
      added.ifPresent(one -> variants.invalidateAll(one.evicted()));
      return added;
    } catch (RuntimeException e) {
      // The write may have been done all the same, and then it is not known what was evicted.
      dropVariants(key.filename());
      throw e;
    } finally {
      variants.invalidate(key);
    }
  }

  @Override
  public void removeVariant(VariantKey key, Variant variant) {
    try {
      if (!readOnly) {
        catalog.removeVariant(key, variant);
      }
    } finally {
      variants.invalidate(key);
    }
  }

  @Override
  public List<Media> link(List<Link> links) throws AliasTakenException, MediaVanishedException {
    try {
      return catalog.link(links);
    } finally {
      for (Link link : links) {
        link.instead().ifPresent(lost -> dropAll(link.media().hash(), lost));
      }
    }
  }

  /** Drops the entries that may point to a filename that is used no longer. */
  private void dropAll(String hash, String filename) {
    catalog.aliases(hash).forEach(media::invalidate);
    dropVariants(filename);
  }

  @Override
  public Optional<Media> findByFilename(String filename) {
    return catalog.findByFilename(filename);
  }

  @Override
  public Optional<Media> findByOrigin(String origin) {
    return catalog.findByOrigin(origin);
  }

  @Override
  public void addOrigin(Media media, String origin) {
    catalog.addOrigin(media, origin);
  }

  @Override
  public void addPreview(Media of, Preview preview) {
    catalog.addPreview(of, preview);
    catalog.aliases(of.hash()).forEach(media::invalidate);
  }

  @Override
  public Optional<Media> findByHash(String hash) {
    return catalog.findByHash(hash);
  }

  @Override
  public List<String> aliases(String hash) {
    return catalog.aliases(hash);
  }

  @Override
  public void announce(Collection<String> filenames) {
    catalog.announce(filenames);
  }

  @Override
  public void abandon(Collection<String> filenames) {
    catalog.abandon(filenames);
  }

  @Override
  public Optional<String> deleteToken(String alias) {
    return catalog.deleteToken(alias);
  }

  @Override
  public boolean setDeleteToken(String alias, String deleteToken) {
    return catalog.setDeleteToken(alias, deleteToken);
  }

  @Override
  public void keepAway(String alias) {
    catalog.keepAway(alias);
  }

  @Override
  public boolean isKeptAway(String alias) {
    return catalog.isKeptAway(alias);
  }

  @Override
  public List<Media> uploads(String after, int most) {
    return catalog.uploads(after, most);
  }

  @Override
  public List<Media> uploadsBefore(String place, int most) {
    return catalog.uploadsBefore(place, most);
  }

  @Override
  public Similar similar(Phash phash, int distance, String after, int most) {
    return catalog.similar(phash, distance, after, most);
  }

  @Override
  public Optional<String> notFound() {
    return catalog.notFound();
  }

  @Override
  public void setNotFound(String alias) {
    catalog.setNotFound(alias);
  }

  @Override
  public Totals totals() {
    return catalog.totals();
  }

  @Override
  public BackgroundUploads background() {
    return catalog.background();
  }

  @Override
  public OwedWork owedWork() {
    return catalog.owedWork();
  }

  @Override
  public Unlinked expire(String uploadId) {
    return catalog.background().find(uploadId).flatMap(Upload::outcome).orElse(null)
            instanceof Outcome.Stored stored
        ? unlink(stored.alias(), () -> catalog.expire(uploadId))
        : catalog.expire(uploadId);
  }

  @Override
  public ProxiedUrls proxied() {
    return catalog.proxied();
  }

  @Override
  public DenyList denied() {
    return catalog.denied();
  }

  @Override
  public BlobJournal journal() {
    return catalog.journal();
  }

  @Override
  public boolean maySweep() {
    return catalog.maySweep();
  }

  @Override
  public void check() {
    if (readOnly) {
      catalog.totals();
    } else {
      catalog.check();
    }
  }

  @Override
  public void close() {
    catalog.close();
  }
}
