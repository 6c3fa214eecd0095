package dev.pictj.catalog.rocksdb;

import static java.util.Objects.requireNonNull;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.BackgroundUploads;
import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.BackgroundUploads.Upload;
import dev.pictj.catalog.BlobJournal;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.DenyList;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.catalog.OwedWork;
import dev.pictj.catalog.ProxiedUrls;
import dev.pictj.catalog.Similar;
import dev.pictj.catalog.Totals;
import dev.pictj.catalog.Unlinked;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.PreviewRow;
import dev.pictj.catalog.rocksdb.Rows.RemovedRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog on RocksDB.
 *
 * <p>Every step is a transaction that locks the rows it reads and writes. Steps that touch one
 * media run one after another and all read its row for update and write it: a media never loses its
 * last alias while another is being given to it, and no variant is added to a media that is going.
 *
 * <p>A media goes in one small step that takes its own rows away, so that nothing finds it and
 * nothing joins it any more, however much hangs on it. What is left, the rows of variants and of a
 * purge's aliases, is written down in {@link Family#REMOVED} and cleared behind the reply, see
 * {@link #clearRemoved}.
 */
public final class RocksCatalog implements Catalog {
  /** Key of the alias whose picture stands for those that are not there. */
  private static final String NOT_FOUND = "not_found";

  /** Prefix of the key of a name that is not to be taken over any more. */
  private static final String KEPT_AWAY = "kept_away/";

  /** Prefix of the key of what a media was made of; the value is the media's filename. */
  private static final String ORIGIN = "origin/";

  /** Origins kept of one media: there may be endless ways to write the same picture. */
  private static final int MAX_ORIGINS = 8;

  private static final Logger log = LoggerFactory.getLogger(RocksCatalog.class);

  /** Rows of one family that one step of clearing removes. */
  static final int ROWS_PER_CLEARING = 100;

  /** Variants that one step notes as asked for, or one page of those to be dropped has. */
  private static final int VARIANTS_PER_STEP = 500;

  private final Database database;
  private final Clock clock;
  private final MediaLocks locks = new MediaLocks();
  private final RocksJournal journal;
  private final RocksBackgroundUploads background;
  private final RocksOwedWork owedWork;
  private final RocksProxiedUrls proxied;
  private final RocksPhashes phashes;
  private final RocksDenyList denied;
  private final Thread verifier;
  private final AtomicLong lastOrder = new AtomicLong();

  @SuppressWarnings("ThreadPriorityCheck") // requests go first
  private RocksCatalog(Database database, Clock clock, LongSupplier ticker) {
    this.database = database;
    this.clock = clock;
    this.journal = new RocksJournal(database, clock, ticker);
    this.background = new RocksBackgroundUploads(database, clock);
    this.owedWork = new RocksOwedWork(database);
    this.proxied = new RocksProxiedUrls(database);
    this.phashes = new RocksPhashes(database);
    this.denied = new RocksDenyList(database);
    this.verifier =
        Thread.ofPlatform()
            .name("catalog-verify")
            .daemon()
            .priority(Thread.MIN_PRIORITY)
            .start(this::verify);
  }

  /** A check, with the catalog locked, before a catalog that never named anything is used. */
  @FunctionalInterface
  public interface BeforeFirstUse {
    /** Returns where the catalog may be used, else throws; then the next start asks again. */
    void run() throws IOException;
  }

  /** Whether there is a catalog, used or not. */
  public static boolean exists(Path folder) {
    // RocksDB keeps the name of its newest manifest there. One without it is damaged.
    try {
      return Files.isRegularFile(folder.resolve("CURRENT"))
          || new CatalogFolder(folder).holdsData();
    } catch (IOException e) {
      throw new CatalogException("cannot look into " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens the catalog, making it if there is none.
   *
   * @param folder of the database
   * @param temporary where the native library may be unpacked for a moment
   * @param cacheBytes for blocks read from disk
   * @param writers transactions at a time; as many commits at most share one sync of the disk
   * @param clock for what people read
   * @param ticker for ages: nanoseconds that only grow, and only while this process runs
   * @throws CatalogException in words for the administrator: in use, too new, damaged
   * @throws IOException what {@code beforeFirstUse} threw
   */
  public static RocksCatalog open(
      CatalogFolder folder,
      Path temporary,
      long cacheBytes,
      int writers,
      Clock clock,
      LongSupplier ticker,
      BeforeFirstUse beforeFirstUse)
      throws IOException {
    Database database = Database.open(new Opening(folder, temporary, cacheBytes), writers);
    try {
      if (!Schema.isKnown(database)) {
        beforeFirstUse.run();
      } else if (database.unguarded() && Schema.isCurrent(database)) {
        log.warn(
            "the file ACKNOWLEDGED is missing in {}: nothing tells whether the end of the catalog's"
                + " log is all that there was",
            folder.path());
      }
      Schema.update(database, clock.instant());
      return new RocksCatalog(database, clock, ticker);
    } catch (CatalogUnavailableException e) {
      database.close();
      throw new CatalogException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void verify() {
    try {
      database.verify();
    } catch (CatalogException e) {
      // The damage was logged when it was found.
      log.debug("the catalog's tables were not all compared", e);
    }
  }

  /** Sets an observer, which is told of each attempt of each transaction. */
  void observe(Database.Observer observer) {
    database.observe(observer);
  }

  @Override
  public List<Media> link(List<Link> links) throws AliasTakenException, MediaVanishedException {
    Set<String> hashes =
        links.stream().map(link -> link.media().hash()).collect(Collectors.toSet());
    try {
      return denied.unchanged(
          () -> {
            requireJudged(links);
            return locks.inTurn(hashes, () -> link(links, hashes));
          });
    } catch (Refusal e) {
      switch (e.getCause()) {
        case AliasTakenException taken -> throw taken;
        case MediaVanishedException vanished -> throw vanished;
        case null, default -> throw e;
      }
    } finally {
      // Also after a failure, because the write may have been done all the same.
      links.forEach(link -> phashes.added(Phash.of(link.media().preview())));
    }
  }

  private List<Media> link(List<Link> links, Set<String> hashes) {
    hashes.forEach(this::clearAliases);
    return database.write(
        true,
        session -> {
          List<Media> linked = new ArrayList<>();
          for (Link link : links) {
            linked.add(link(session, link));
          }
          return linked;
        });
  }

  /** Refuses links of media that were judged by another version of the deny list. */
  private void requireJudged(List<Link> links) {
    long version = denied.version();
    for (Link link : links) {
      if (link.judged() != Link.NOT_JUDGED && link.judged() != version) {
        throw new Refusal(new MediaVanishedException(link.media().hash()));
      }
    }
  }

  /** Rolls a transaction back, which writes nothing then; its cause is for the caller. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(Exception cause) {
      super(cause);
    }
  }

  /** Whether an alias leads to a media; one that a purge has left behind does not. */
  private static boolean isTaken(Session session, String alias) throws RocksDBException {
    AliasRow row = session.row(Family.ALIAS, alias, AliasRow.class);
    return row != null && session.get(Family.MEDIA, row.hash()) != null;
  }

  private Media link(Session session, Link link) throws RocksDBException {
    if (isTaken(session, link.alias())) {
      throw new Refusal(new AliasTakenException(link.alias()));
    }
    String hash = link.media().hash();
    MediaRow known = session.row(Family.MEDIA, hash, MediaRow.class);
    boolean restores = known != null && link.instead().filter(known.filename()::equals).isPresent();
    MediaRow media;
    if (known != null && !restores) {
      media = known;
    } else {
      if (!(link.fresh() || restores) || !RocksJournal.named(session, link.media().filename())) {
        throw new Refusal(new MediaVanishedException(hash));
      }
      media = MediaRow.of(link.media());
      if (known != null) {
        forgetBlobs(session, hash, known, false);
        media = media.withAliases(known.aliases());
      }
      session.put(Family.FILENAME, media.filename(), hash);
    }
    MediaRows.replace(session, hash, known, media.withAliases(media.aliases() + 1));
    session.put(
        Family.ALIAS, link.alias(), new AliasRow(hash, link.deleteToken(), clock.instant()));
    session.put(Family.MEDIA_ALIAS, hash + "/" + link.alias(), Long.toString(nextOrder()));
    if (link.purpose().isPresent()) {
      note(session, link, link.purpose().get(), media.size());
    }
    return media.media(hash);
  }

  private void note(Session session, Link link, Link.Purpose purpose, long size)
      throws RocksDBException {
    Instant now = clock.instant();
    switch (purpose) {
      case Link.Purpose.Upload(String id) ->
          RocksBackgroundUploads.stored(
              session,
              id,
              new BackgroundUploads.Outcome.Stored(link.alias(), link.deleteToken()),
              now);
      case Link.Purpose.Url(String url, ProxiedUrls.Origin origin) ->
          RocksProxiedUrls.put(
              session,
              url,
              new ProxiedUrls.Name(link.alias(), link.deleteToken()),
              size,
              origin,
              now);
    }
  }

  /** Microseconds since the epoch, or one more than the last where that is not later. */
  private long nextOrder() {
    long micros = Rows.micros(clock.instant());
    return lastOrder.updateAndGet(last -> Math.max(last + 1, micros));
  }

  @Override
  public Optional<Media> find(String alias) {
    return database.read(
        reader -> {
          AliasRow row = reader.row(Family.ALIAS, alias, AliasRow.class);
          while (row != null) {
            Optional<Media> media = media(reader, row.hash());
            // An alias that a purge left behind goes before its content is linked again, which may
            // be between the two reads.
            AliasRow now = media.isEmpty() ? row : reader.row(Family.ALIAS, alias, AliasRow.class);
            if (row.equals(now)) {
              return media;
            }
            row = now;
          }
          return Optional.empty();
        });
  }

  @Override
  public Optional<Media> findByFilename(String filename) {
    return database.read(reader -> media(reader, reader.text(Family.FILENAME, filename)));
  }

  @Override
  public Optional<Media> findByHash(String hash) {
    return database.read(reader -> media(reader, hash));
  }

  /** The media with this hash; empty also where the hash is null. */
  private static Optional<Media> media(Reader reader, @Nullable String hash)
      throws RocksDBException {
    MediaRow row = hash == null ? null : reader.row(Family.MEDIA, hash, MediaRow.class);
    return hash == null || row == null ? Optional.empty() : Optional.of(row.media(hash));
  }

  @Override
  public Optional<Media> findByOrigin(String origin) {
    return database.read(
        reader -> {
          String filename = reader.text(Family.META, ORIGIN + origin);
          return filename == null
              ? Optional.empty()
              : media(reader, reader.text(Family.FILENAME, filename));
        });
  }

  @Override
  public void addOrigin(Media media, String origin) {
    Optional<Boolean> _ =
        change(
            media.filename(),
            (session, hash, row) -> {
              List<String> origins = new ArrayList<>(row.origins());
              origins.remove(origin);
              origins.add(origin);
              while (origins.size() > MAX_ORIGINS) {
                session.delete(Family.META, ORIGIN + origins.removeFirst());
              }
              session.put(Family.META, ORIGIN + origin, row.filename());
              session.put(Family.MEDIA, hash, row.withOrigins(origins));
              return true;
            });
  }

  @Override
  public void addPreview(Media media, Preview preview) {
    try {
      Optional<Boolean> _ =
          withoutItsPhash(
              media.hash(),
              () ->
                  change(
                      media.filename(),
                      (session, hash, row) -> {
                        PreviewRow made = PreviewRow.of(preview);
                        MediaRows.replace(session, hash, row, row.withPreview(made));
                        return true;
                      }));
    } finally {
      phashes.added(Phash.of(Optional.of(preview)));
    }
  }

  /** Does what may take away the perceptual hash of a media, and tells those who list it. */
  private <R> R withoutItsPhash(String hash, Supplier<R> step) {
    Optional<Phash> before =
        phashes.isInUse()
            ? findByHash(hash).flatMap(media -> Phash.of(media.preview()))
            : Optional.empty();
    try {
      return step.get();
    } finally {
      before.ifPresent(phashes::removed);
    }
  }

  @Override
  public Similar similar(Phash phash, int distance, String after, int most) {
    return phashes.similar(phash, distance, after, most);
  }

  @Override
  public List<String> aliases(String hash) {
    return database.read(
        reader -> reader.get(Family.MEDIA, hash) == null ? List.of() : aliases(reader, hash));
  }

  static List<String> aliases(Reader reader, String hash) throws RocksDBException {
    return reader.scan(Family.MEDIA_ALIAS, hash + "/").stream()
        .sorted(Comparator.comparingLong(RocksCatalog::order))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static long order(Map.Entry<String, byte[]> entry) {
    return Long.parseLong(Rows.text(entry.getValue()));
  }

  @Override
  public Unlinked unlink(String alias, String deleteToken) {
    return unlink(alias, Optional.of(deleteToken), Optional.empty());
  }

  @Override
  public Unlinked unlink(String alias) {
    return unlink(alias, Optional.empty(), Optional.empty());
  }

  @Override
  public Unlinked expire(String uploadId) {
    Unlinked done =
        background.find(uploadId).flatMap(Upload::outcome).orElse(null)
                instanceof Outcome.Stored(String alias, String token)
            ? unlink(alias, Optional.of(token), Optional.of(uploadId))
            : Unlinked.UNKNOWN_ALIAS;
    if (done == Unlinked.UNKNOWN_ALIAS) {
      // It is claimed already, or has no alias that a claim could lose.
      var _ = background.claim(uploadId);
    }
    return done;
  }

  /**
   * Takes an alias away.
   *
   * @param upload the one in the background that has this alias and is given up with it, unless it
   *     is claimed
   */
  private Unlinked unlink(String alias, Optional<String> deleteToken, Optional<String> upload) {
    while (true) {
      Optional<AliasRow> row =
          database.read(
              reader -> Optional.ofNullable(reader.row(Family.ALIAS, alias, AliasRow.class)));
      if (row.isEmpty()) {
        return Unlinked.UNKNOWN_ALIAS;
      }
      String hash = row.get().hash();
      Optional<Unlinked> done =
          withoutItsPhash(
              hash,
              () ->
                  locks.inTurn(
                      Set.of(hash),
                      () ->
                          database.write(
                              true, session -> unlink(session, alias, hash, deleteToken, upload))));
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  private Optional<Unlinked> unlink(
      Session session,
      String alias,
      String hash,
      Optional<String> deleteToken,
      Optional<String> upload)
      throws RocksDBException {
    if (upload.isPresent() && !RocksBackgroundUploads.isEnded(session, upload.get())) {
      return Optional.of(Unlinked.UNKNOWN_ALIAS);
    }
    Optional<Unlinked> step = unlink(session, alias, hash, deleteToken);
    if (upload.isPresent() && step.isPresent()) {
      RocksBackgroundUploads.forgetEnded(session, upload.get());
    }
    return step;
  }

  /** Empty when the alias belongs to another media meanwhile. */
  private Optional<Unlinked> unlink(
      Session session, String alias, String hash, Optional<String> deleteToken)
      throws RocksDBException {
    AliasRow found = session.row(Family.ALIAS, alias, AliasRow.class);
    MediaRow media = session.row(Family.MEDIA, hash, MediaRow.class);
    if (found != null && !found.hash().equals(hash)) {
      return Optional.empty();
    }
    if (found == null || media == null) {
      // A purge that has taken the media away will take the alias.
      return Optional.of(Unlinked.UNKNOWN_ALIAS);
    }
    // Equal work for any wrong token, so that timing tells nothing about the right one.
    if (deleteToken.isPresent()
        && !MessageDigest.isEqual(Rows.bytes(found.deleteToken()), Rows.bytes(deleteToken.get()))) {
      return Optional.of(Unlinked.WRONG_TOKEN);
    }
    session.delete(Family.ALIAS, alias);
    session.delete(Family.MEDIA_ALIAS, hash + "/" + alias);
    if (media.aliases() > 1) {
      MediaRows.replace(session, hash, media, media.withAliases(media.aliases() - 1));
      return Optional.of(Unlinked.ALIAS_REMOVED);
    }
    removeMedia(session, hash, media, false);
    return Optional.of(Unlinked.MEDIA_REMOVED);
  }

  @Override
  public Optional<String> deleteToken(String alias) {
    return database.read(
        reader -> {
          AliasRow row = reader.row(Family.ALIAS, alias, AliasRow.class);
          return row == null || reader.get(Family.MEDIA, row.hash()) == null
              ? Optional.empty()
              : Optional.of(row.deleteToken());
        });
  }

  @Override
  public boolean setDeleteToken(String alias, String deleteToken) {
    return database.write(
        true,
        session -> {
          if (!isTaken(session, alias)) {
            return false;
          }
          AliasRow row = requireNonNull(session.row(Family.ALIAS, alias, AliasRow.class));
          session.put(Family.ALIAS, alias, new AliasRow(row.hash(), deleteToken, row.created()));
          return true;
        });
  }

  @Override
  public void keepAway(String alias) {
    database.change(true, session -> session.put(Family.META, KEPT_AWAY + alias, ""));
  }

  @Override
  public boolean isKeptAway(String alias) {
    return database.read(reader -> reader.get(Family.META, KEPT_AWAY + alias) != null);
  }

  @Override
  public List<String> purge(String hash, List<Denied> deny) {
    return withoutItsPhash(
        hash,
        () ->
            deny.isEmpty()
                ? purgeInTurn(hash, deny)
                : denied.changing(() -> purgeInTurn(hash, deny)));
  }

  private List<String> purgeInTurn(String hash, List<Denied> deny) {
    return locks.inTurn(
        Set.of(hash),
        () -> {
          // The lock of the media keeps others from changing its aliases meanwhile.
          List<String> aliases = aliases(hash);
          return database.write(
              true,
              session -> {
                MediaRow media = session.row(Family.MEDIA, hash, MediaRow.class);
                RocksDenyList.add(session, deny);
                if (media == null) {
                  return List.<String>of();
                }
                if (!deny.isEmpty()) {
                  RocksDenyList.add(session, received(media, deny.getFirst()));
                }
                removeMedia(session, hash, media, true);
                return aliases;
              });
        });
  }

  /** Entries that deny the bytes a media was made of, like the media itself. */
  private static List<Denied> received(MediaRow media, Denied like) {
    return media.origins().stream()
        .map(origin -> origin.substring(origin.lastIndexOf('/') + 1))
        .flatMap(hash -> Denied.bytes(hash, like.added(), like.note()).stream())
        .toList();
  }

  private void removeMedia(Session session, String hash, MediaRow media, boolean aliases)
      throws RocksDBException {
    MediaRows.replace(session, hash, media, null);
    forgetBlobs(session, hash, media, aliases);
  }

  private void forgetBlobs(Session session, String hash, MediaRow media, boolean aliases)
      throws RocksDBException {
    session.delete(Family.FILENAME, media.filename());
    for (String origin : media.origins()) {
      session.delete(Family.META, ORIGIN + origin);
    }
    Instant now = clock.instant();
    session.put(Family.TRASH, media.filename(), now.toString());
    session.put(Family.REMOVED, hash + "/" + media.filename(), new RemovedRow(now, aliases));
  }

  @Override
  public boolean clearRemoved() {
    List<Map.Entry<String, byte[]>> first =
        database.read(reader -> reader.scan(Family.REMOVED, "", "", 1));
    if (first.isEmpty()) {
      return false;
    }
    String removed = first.getFirst().getKey();
    clear(removed.substring(0, removed.indexOf('/')), removed);
    return true;
  }

  /** Removes the aliases that purged media of the same content have left, before one is linked. */
  private void clearAliases(String hash) {
    for (Map.Entry<String, byte[]> one :
        database.read(reader -> reader.scan(Family.REMOVED, hash + "/"))) {
      boolean aliases = Rows.read(one.getValue(), RemovedRow.class).aliases();
      while (aliases) {
        aliases = clear(hash, hash + "/" + one.getKey());
      }
    }
  }

  /**
   * Clears some of what a media has left behind, in one transaction.
   *
   * @return whether there may be aliases left
   */
  private boolean clear(String hash, String removed) {
    // Not synced: after a crash the step is done again.
    return locks.inTurn(
        Set.of(hash),
        () ->
            database.write(
                false,
                session -> {
                  RemovedRow media = session.row(Family.REMOVED, removed, RemovedRow.class);
                  if (media == null) {
                    return false;
                  }
                  if (media.aliases()) {
                    return clearAliases(session, hash, removed, media);
                  }
                  String filename = removed.substring(removed.indexOf('/') + 1);
                  if (!VariantRows.clear(session, filename, ROWS_PER_CLEARING, clock.instant())) {
                    session.delete(Family.REMOVED, removed);
                  }
                  return false;
                }));
  }

  private static boolean clearAliases(
      Session session, String hash, String removed, RemovedRow media) throws RocksDBException {
    List<Map.Entry<String, byte[]>> listed =
        session.scan(Family.MEDIA_ALIAS, hash + "/", "", ROWS_PER_CLEARING);
    for (Map.Entry<String, byte[]> one : listed) {
      String alias = one.getKey();
      session.delete(Family.MEDIA_ALIAS, hash + "/" + alias);
      AliasRow row = session.row(Family.ALIAS, alias, AliasRow.class);
      // Another content may have been given the name since.
      if (row != null && row.hash().equals(hash)) {
        session.delete(Family.ALIAS, alias);
      }
    }
    boolean more = listed.size() == ROWS_PER_CLEARING;
    if (!more) {
      session.put(Family.REMOVED, removed, media.withoutAliases());
    }
    return more;
  }

  @Override
  public Optional<Variant> variant(VariantKey key) {
    return database.read(
        reader -> {
          VariantRow row = VariantRows.find(reader, key);
          return row == null || reader.get(Family.FILENAME, key.filename()) == null
              ? Optional.empty()
              : Optional.of(row.variant());
        });
  }

  @Override
  public Optional<Added> addVariant(VariantKey key, Variant variant, int most) {
    return change(
        key.filename(),
        (session, hash, media) -> {
          Instant now = clock.instant();
          VariantRow known = VariantRows.find(session, key);
          if (known != null) {
            if (!known.blob().equals(variant.blob())) {
              session.put(Family.TRASH, key.filename() + "/" + variant.blob(), now.toString());
            }
            return new Added(known.variant(), List.of());
          }
          boolean counted = most != NOT_COUNTED;
          long order = counted ? VariantRows.youngest(session, media, now) : 0;
          MediaRow changed =
              VariantRows.add(session, media, key.name(), VariantRow.of(variant, order, now));
          List<VariantKey> evicted = new ArrayList<>();
          if (counted) {
            changed = VariantRows.evict(session, changed, most, evicted, now);
          }
          session.put(Family.MEDIA, hash, changed);
          return new Added(variant, evicted);
        });
  }

  @Override
  public void removeVariant(VariantKey key, Variant variant) {
    Optional<Boolean> _ =
        change(
            key.filename(),
            (session, hash, media) -> {
              VariantRow known = VariantRows.find(session, key);
              if (known == null || !known.blob().equals(variant.blob())) {
                return false;
              }
              session.put(
                  Family.MEDIA,
                  hash,
                  VariantRows.remove(session, media, key.name(), known, clock.instant()));
              return true;
            });
  }

  /** Changes what hangs on a media, and writes its row. */
  @FunctionalInterface
  private interface MediaChange<R> {
    R in(Session session, String hash, MediaRow media) throws RocksDBException;
  }

  /**
   * Empty when the media is gone. Not synced: a variant lost in a crash is made again, and its
   * bytes are swept at start.
   */
  private <R> Optional<R> change(String filename, MediaChange<R> change) {
    return database
        .read(reader -> Optional.ofNullable(reader.text(Family.FILENAME, filename)))
        .flatMap(
            hash ->
                locks.inTurn(
                    Set.of(hash),
                    () ->
                        database.write(false, session -> change(session, hash, filename, change))));
  }

  private static <R> Optional<R> change(
      Session session, String hash, String filename, MediaChange<R> change)
      throws RocksDBException {
    MediaRow media = session.row(Family.MEDIA, hash, MediaRow.class);
    // The same content, deleted and uploaded again meanwhile, is another media.
    return media == null || !media.filename().equals(filename)
        ? Optional.empty()
        : Optional.of(change.in(session, hash, media));
  }

  @Override
  public void announce(Collection<String> filenames) {
    journal.announce(filenames);
  }

  @Override
  public void abandon(Collection<String> filenames) {
    journal.abandon(filenames);
  }

  @Override
  public void asked(Map<VariantKey, Instant> variants) {
    List<Map.Entry<VariantKey, Instant>> all =
        variants.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
    for (int i = 0; i < all.size(); i += VARIANTS_PER_STEP) {
      List<Map.Entry<VariantKey, Instant>> some =
          all.subList(i, Math.min(all.size(), i + VARIANTS_PER_STEP));
      database.change(
          false,
          session -> {
            for (Map.Entry<VariantKey, Instant> one : some) {
              VariantRows.asked(session, one.getKey(), one.getValue());
            }
          });
    }
  }

  @Override
  public Dropped dropVariants(Instant askedBefore, long bytes, int most) {
    List<VariantKey> dropped = new ArrayList<>();
    long freed = 0;
    String from = "";
    while (dropped.size() < most && freed < bytes) {
      String start = from;
      List<Map.Entry<String, byte[]>> page =
          database.read(reader -> reader.scan(Family.VARIANT_ASKED, "", start, VARIANTS_PER_STEP));
      for (Map.Entry<String, byte[]> row : page) {
        String[] parts = row.getKey().split("/", 3);
        long lastAsked = Long.parseLong(parts[0], 16);
        if (lastAsked >= Rows.micros(askedBefore) || dropped.size() == most || freed >= bytes) {
          return new Dropped(dropped, freed);
        }
        VariantKey key = new VariantKey(parts[1], parts[2]);
        Optional<Long> size = drop(key, lastAsked);
        if (size.isPresent()) {
          dropped.add(key);
          freed += size.get();
        }
      }
      if (page.isEmpty()) {
        break;
      }
      from = page.getLast().getKey() + "\0";
    }
    return new Dropped(dropped, freed);
  }

  /** Returns its size; empty when it was asked for meanwhile, or is gone with its media. */
  private Optional<Long> drop(VariantKey key, long lastAsked) {
    return change(
            key.filename(),
            (session, hash, media) -> {
              VariantRow known = VariantRows.find(session, key);
              if (known == null || known.lastAsked() != lastAsked) {
                return -1L;
              }
              session.put(
                  Family.MEDIA,
                  hash,
                  VariantRows.remove(session, media, key.name(), known, clock.instant()));
              return known.size();
            })
        .filter(size -> size >= 0);
  }

  @Override
  public List<Media> uploads(String after, int most) {
    return database.read(
        reader -> {
          List<Media> found = new ArrayList<>();
          reader.each(
              Family.UPLOAD,
              after.isEmpty() ? "" : after + "\0",
              (_, hash) -> {
                // One that goes in this moment is left out.
                media(reader, Rows.text(hash)).ifPresent(found::add);
                return found.size() < most;
              });
          return found;
        });
  }

  @Override
  public List<Media> uploadsBefore(String place, int most) {
    return database.read(
        reader -> {
          List<Media> found = new ArrayList<>();
          if (most > 0) {
            reader.eachBefore(
                Family.UPLOAD,
                place,
                (_, hash) -> {
                  media(reader, Rows.text(hash)).ifPresent(found::add);
                  return found.size() < most;
                });
          }
          return found;
        });
  }

  @Override
  public Optional<String> notFound() {
    return database.read(reader -> Optional.ofNullable(reader.text(Family.META, NOT_FOUND)));
  }

  @Override
  public void setNotFound(String alias) {
    database.change(true, session -> session.put(Family.META, NOT_FOUND, alias));
  }

  @Override
  public Totals totals() {
    return database.read(Tally::read).totals();
  }

  @Override
  public DenyList denied() {
    return denied;
  }

  @Override
  public BlobJournal journal() {
    return journal;
  }

  @Override
  public BackgroundUploads background() {
    return background;
  }

  @Override
  public OwedWork owedWork() {
    return owedWork;
  }

  @Override
  public ProxiedUrls proxied() {
    return proxied;
  }

  /**
   * Writes the catalog as it is at one moment into a folder of its own, from which it can be
   * opened. Reads and writes go on meanwhile.
   *
   * @param folder does not exist yet, its parent does
   */
  public void checkpoint(Path folder) {
    database.checkpoint(folder);
  }

  @Override
  public boolean maySweep() {
    if (database.loss().isPresent()) {
      return false;
    }
    database.verify();
    return true;
  }

  @Override
  public void check() {
    database.check();
    if (!Schema.isKnown(database)) {
      throw new CatalogException("the catalog has lost its schema");
    }
  }

  @Override
  public void close() {
    verifier.interrupt();
    try {
      journal.keepRunningTime();
    } catch (CatalogException e) {
      log.debug("the running time since it was last kept counts for nothing", e);
    } finally {
      database.close();
    }
  }
}
