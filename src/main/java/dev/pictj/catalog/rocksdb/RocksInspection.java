package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.BlobJournal.Place;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.DeniedRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.ProxiedRow;
import dev.pictj.catalog.rocksdb.Rows.RemovedRow;
import dev.pictj.catalog.rocksdb.Rows.TaskRow;
import dev.pictj.catalog.rocksdb.Rows.UploadRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The inspection of a catalog on RocksDB. */
public final class RocksInspection implements Inspection {
  private static final long CACHE_BYTES = 32L << 20;
  private static final int PROGRESS_STEP = 1000;

  private final Database database;
  private final boolean repairs;
  private final @Nullable FolderLock lock;

  /** Hashes of media that left aliases behind, which will be cleared. */
  private final Set<String> purged = new HashSet<>();

  /** Filenames of media that left variants behind, which will be cleared. */
  private final Set<String> removed = new HashSet<>();

  /** Filenames of media to which these do not lead back. */
  private final Set<String> lost = new HashSet<>();

  private long seen;

  private RocksInspection(Database database, boolean repairs, @Nullable FolderLock lock) {
    this.database = database;
    this.repairs = repairs;
    this.lock = lock;
  }

  /**
   * Opens a catalog for a look that changes nothing. Of one that an older version has written a
   * copy is brought up to date and looked at.
   *
   * @param folder of the database
   * @param scratch a folder for what is needed meanwhile
   * @throws CatalogException in words for the administrator: in use, none there, damaged
   */
  public static RocksInspection look(Path folder, Path scratch) {
    Opening opening = opening(folder, scratch);
    FolderLock lock = FolderLock.take(opening.folder());
    Database database = null;
    try {
      database = Database.readOnly(opening);
      requireUsed(folder, database);
      if (!Schema.isCurrent(database)) {
        database.close();
        Path copy =
            opening.folder().copy(Files.createTempDirectory(scratch, "old-").resolve("copy"));
        database = Database.open(opening(copy, scratch), 1);
        Schema.update(database, Instant.now());
      }
      return new RocksInspection(database, false, lock);
    } catch (IOException e) {
      lock.close();
      throw new CatalogException("cannot copy the catalog: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      if (database != null) {
        database.close();
      }
      lock.close();
      throw e;
    }
  }

  /** Opens a catalog for a look that may repair what it finds. */
  public static RocksInspection repairing(Path folder, Path scratch) {
    Database database = Database.open(opening(folder, scratch), 1);
    try {
      if (database.loss().isPresent()) {
        throw new CatalogException(
            "the catalog in %s may have lost rows: %s. Put it back from a backup, or start once with --accept-loss"
                .formatted(folder, database.loss().get()));
      }
      requireUsed(folder, database);
      Schema.update(database, Instant.now());
      return new RocksInspection(database, true, null);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Refuses a catalog that was made and never used: it names no file, whatever lies beside it. */
  private static void requireUsed(Path folder, Database database) {
    if (!Schema.isKnown(database)) {
      throw new CatalogException(
          "the catalog in %s was never used: put it back from a backup, or start once with"
                  .formatted(folder)
              + " --new-catalog");
    }
  }

  private static Opening opening(Path folder, Path scratch) {
    if (!RocksCatalog.exists(folder)) {
      throw new CatalogException("there is no catalog in " + folder);
    }
    return new Opening(new CatalogFolder(folder), scratch, CACHE_BYTES);
  }

  @Override
  public List<String> aliases(String filename) {
    return database.read(
        reader -> {
          String hash = reader.text(Family.FILENAME, filename);
          return hash == null ? List.of() : RocksCatalog.aliases(reader, hash);
        });
  }

  @Override
  public long rows() {
    return database.estimatedRows();
  }

  @Override
  public void walk(Findings findings, LongConsumer progress) {
    seen = 0;
    database.verify();
    database.loss().ifPresent(loss -> findings.flaw(Flaw.ROWS_LOST, loss));
    purged.clear();
    removed.clear();
    lost.clear();
    RowWalk walk = new RowWalk(findings, progress);
    walk.each(Family.REMOVED, (_, key, row) -> removed(key, row));
    walk.each(Family.ALIAS, walk::alias);
    walk.each(Family.MEDIA_ALIAS, walk::listed);
    walk.each(Family.MEDIA, walk::media);
    walk.each(Family.FILENAME, walk::filename);
    walk.each(Family.VARIANT, walk::variant);
    walk.each(Family.VARIANT_ORDER, walk::order);
    walk.each(Family.BACKGROUND, walk::background);
    walk.each(Family.PROXIED, walk::proxied);
    walk.each(Family.PHASH, walk::phash);
    walk.each(Family.DENIED, walk::denied);
    walk.each(Family.TRASH, walk::trashed);
    if (!database.read(Tally::read).isSameAs(walk.counted)) {
      findings.flaw(Flaw.TOTALS, "total");
    }
    progress.accept(seen);
  }

  /** The part of a key before the first slash; empty where there is none. */
  private static String before(String key) {
    return key.substring(0, Math.max(0, key.indexOf('/')));
  }

  private static String after(String key) {
    return key.substring(key.indexOf('/') + 1);
  }

  private void removed(String key, byte[] row) {
    if (Rows.read(row, RemovedRow.class).aliases()) {
      purged.add(before(key));
    }
    removed.add(after(key));
  }

  /** Looks at one row. */
  @FunctionalInterface
  private interface Look {
    void at(Reader reader, String key, byte[] row) throws RocksDBException;
  }

  private final class RowWalk {
    private final Findings findings;
    private final LongConsumer progress;
    private final Tally counted = new Tally();

    RowWalk(Findings findings, LongConsumer progress) {
      this.findings = findings;
      this.progress = progress;
    }

    void each(Family family, Look look) {
      database.read(
          reader -> {
            reader.each(
                family,
                "",
                (key, row) -> {
                  if (++seen % PROGRESS_STEP == 0) {
                    progress.accept(seen);
                  }
                  try {
                    look.at(reader, key, row);
                  } catch (CatalogException _) {
                    findings.flaw(
                        Flaw.ROW_UNREADABLE, family.name().toLowerCase(Locale.ROOT) + " " + key);
                  }
                  return true;
                });
            return true;
          });
    }

    void alias(Reader reader, String alias, byte[] row) throws RocksDBException {
      String hash = Rows.read(row, AliasRow.class).hash();
      if (purged.contains(hash)) {
        return;
      }
      if (reader.get(Family.MEDIA, hash) == null) {
        findings.flaw(Flaw.ALIAS_DANGLES, alias);
      } else if (reader.get(Family.MEDIA_ALIAS, hash + "/" + alias) == null) {
        findings.flaw(Flaw.ALIAS_UNLISTED, alias);
      }
    }

    void listed(Reader reader, String key, byte[] row) throws RocksDBException {
      if (purged.contains(before(key))) {
        return;
      }
      AliasRow alias = reader.row(Family.ALIAS, after(key), AliasRow.class);
      if (alias == null || !alias.hash().equals(before(key))) {
        findings.flaw(Flaw.LISTED_ALIAS_UNKNOWN, key);
      }
    }

    void media(Reader reader, String hash, byte[] row) throws RocksDBException {
      MediaRow media = Rows.read(row, MediaRow.class);
      counted.media(media, 1);
      long aliases = reader.count(Family.MEDIA_ALIAS, hash + "/");
      if (aliases == 0) {
        findings.flaw(Flaw.MEDIA_UNREACHABLE, hash);
      } else if (aliases != media.aliases()) {
        findings.flaw(Flaw.ALIAS_COUNT, hash);
      }
      if (reader.count(Family.VARIANT_ORDER, media.filename() + "/") != media.variants().count()) {
        findings.flaw(Flaw.VARIANT_COUNT, hash);
      }
      if (!hash.equals(reader.text(Family.FILENAME, media.filename()))) {
        findings.flaw(Flaw.FILENAME_LOST, hash);
        lost.add(media.filename());
      }
      if (!MediaRows.isListedByPhash(reader, hash, media)) {
        findings.flaw(Flaw.PHASH_UNLISTED, hash);
      }
      findings.blob(media.filename(), null, media.size(), hash, hash);
    }

    void phash(Reader reader, String key, byte[] row) throws RocksDBException {
      MediaRow media = reader.row(Family.MEDIA, after(key), MediaRow.class);
      if (media == null || !media.phash().equals(RocksPhashes.phashOf(key))) {
        findings.flaw(Flaw.PHASH_DANGLES, key);
      }
    }

    void filename(Reader reader, String filename, byte[] row) throws RocksDBException {
      MediaRow media = reader.row(Family.MEDIA, Rows.text(row), MediaRow.class);
      if (media == null || !media.filename().equals(filename)) {
        findings.flaw(Flaw.FILENAME_DANGLES, filename);
      }
    }

    void variant(Reader reader, String key, byte[] row) throws RocksDBException {
      VariantRow variant = Rows.read(row, VariantRow.class);
      counted.variant(variant, 1);
      String filename = before(key);
      if (removed.contains(filename)) {
        return;
      }
      if (reader.get(Family.FILENAME, filename) == null && !lost.contains(filename)) {
        findings.flaw(Flaw.VARIANT_DANGLES, key);
      } else {
        findings.blob(filename, variant.blob(), variant.size(), variant.hash(), key);
      }
    }

    void order(Reader reader, String key, byte[] row) throws RocksDBException {
      String filename = before(key);
      if (removed.contains(filename)) {
        return;
      }
      VariantRow variant = VariantRows.find(reader, new VariantKey(filename, Rows.text(row)));
      if (variant == null || !key.equals(VariantRows.orderKey(filename, variant.order()))) {
        findings.flaw(Flaw.VARIANT_ORDER, key);
      }
    }

    /** Reports the bytes of an upload that waits, which are kept like an original's. */
    void background(Reader reader, String key, byte[] row) throws RocksDBException {
      if (key.startsWith(RocksBackgroundUploads.UPLOAD)) {
        var _ = Rows.read(row, UploadRow.class);
      } else if (key.startsWith(RocksBackgroundUploads.FILE)) {
        String id = Rows.text(row);
        RocksBackgroundUploads.upload(reader, id)
            .ifPresent(
                one -> findings.blob(one.filename(), null, one.size(), one.hash(), "upload " + id));
      } else if (key.startsWith(RocksOwedWork.OWED)) {
        var _ = Rows.read(row, TaskRow.class);
      }
    }

    /** Checks a URL. That its alias was deleted is no flaw: the row is removed in time. */
    void proxied(Reader reader, String key, byte[] row) {
      if (key.startsWith(RocksProxiedUrls.URL)) {
        var _ = Rows.read(row, ProxiedRow.class);
      }
    }

    void denied(Reader reader, String id, byte[] row) {
      var _ = Rows.read(row, DeniedRow.class);
    }

    void trashed(Reader reader, String blob, byte[] row) throws RocksDBException {
      if (Naming.unnamed(reader, List.of(blob)).isEmpty()) {
        findings.flaw(Flaw.TRASH_IN_USE, blob);
      }
    }
  }

  @Override
  public List<String> unaccounted(SortedSet<String> stored) {
    return database.read(reader -> RocksJournal.unaccounted(reader, stored));
  }

  @Override
  public Set<String> kept(Collection<String> unaccounted) {
    return database.read(reader -> RocksJournal.noted(reader, Place.KEPT, unaccounted));
  }

  @Override
  public Optional<Instant> newestName() {
    return database.read(RocksJournal::newestName);
  }

  @Override
  public long trash() {
    return database.read(reader -> reader.count(Family.TRASH, ""));
  }

  @Override
  public void repair(Flaw flaw, String key) {
    if (!repairs) {
      throw new IllegalStateException("opened for reading only");
    }
    database.change(true, session -> Repairs.repair(session, flaw, key));
  }

  @Override
  public void close() {
    database.close();
    if (lock != null) {
      lock.close();
    }
  }
}
