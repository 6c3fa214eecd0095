package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.BlobJournal.Place;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.RemovedRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.LongConsumer;

/** The inspection of a catalog on RocksDB. */
public final class RocksInspection implements Inspection {
  private static final long CACHE = 32L << 20;
  private static final int PROGRESS_STEP = 1000;

  private final Database database;
  private final Repairs repairs;
  private final FolderLock lock;

  /** Whether an older version has written it, which kept no order of variants. */
  private final boolean keyedByHash;

  /** Hashes of media that left aliases behind, which will be cleared. */
  private final Set<String> purged = new HashSet<>();

  /** Filenames of media that left variants behind, which will be cleared. */
  private final Set<String> removed = new HashSet<>();

  /** Filenames of media to which these do not lead back. */
  private final Set<String> lost = new HashSet<>();

  private long seen;

  private RocksInspection(Path folder, Database database, boolean repairs, FolderLock lock) {
    this.database = database;
    this.repairs = repairs ? new Repairs(database) : null;
    this.lock = lock;
    try {
      if (!Schema.isKnown(database)) {
        // A start has made it and not come to use it: it names nothing, whatever lies beside it.
        throw new CatalogException(
            "the catalog in %s was never used: put it back from a backup, or start once with"
                    .formatted(folder)
                + " --new-catalog");
      }
      if (repairs) {
        Schema.update(database);
      }
      keyedByHash = Schema.keysVariantsByHash(database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Opens a catalog for a look that changes nothing.
   *
   * @param folder of the database
   * @param scratch a folder for what is needed meanwhile
   * @throws CatalogException in words for the administrator: in use, none there, damaged
   */
  public static RocksInspection look(Path folder, Path scratch) {
    requireCatalog(folder);
    FolderLock lock = FolderLock.take(new CatalogFolder(folder));
    try {
      return new RocksInspection(
          folder, Database.readOnly(new CatalogFolder(folder), scratch, CACHE), false, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Opens a catalog for a look that may repair what it finds. */
  public static RocksInspection repairing(Path folder, Path scratch) {
    requireCatalog(folder);
    Database database = new Database(folder, scratch, CACHE);
    if (database.loss().isPresent()) {
      database.close();
      throw new CatalogException(
          "the catalog in %s may have lost rows: %s. Put it back from a backup, or start once with --accept-loss"
              .formatted(folder, database.loss().get()));
    }
    return new RocksInspection(folder, database, true, null);
  }

  private static void requireCatalog(Path folder) {
    if (!RocksCatalog.exists(folder)) {
      throw new CatalogException("there is no catalog in " + folder);
    }
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
    each(Family.REMOVED, findings, progress, this::removed);
    each(Family.ALIAS, findings, progress, (key, row) -> alias(key, row, findings));
    each(Family.MEDIA_ALIAS, findings, progress, (key, _) -> listed(key, findings));
    each(Family.MEDIA, findings, progress, (key, row) -> media(key, row, findings));
    each(Family.FILENAME, findings, progress, (key, row) -> filename(key, row, findings));
    each(Family.VARIANT, findings, progress, (key, row) -> variant(key, row, findings));
    each(Family.VARIANT_ORDER, findings, progress, (key, row) -> order(key, row, findings));
    each(Family.TRASH, findings, progress, (key, _) -> trashed(key, findings));
    progress.accept(seen);
  }

  private void each(
      Family family, Findings findings, LongConsumer progress, Database.RowVisitor visitor) {
    database.each(
        family,
        (key, row) -> {
          if (++seen % PROGRESS_STEP == 0) {
            progress.accept(seen);
          }
          try {
            visitor.row(key, row);
          } catch (UnreadableRowException _) {
            findings.flaw(
                Flaw.ROW_UNREADABLE, family.name().toLowerCase(java.util.Locale.ROOT) + " " + key);
          }
        });
  }

  /** A row of a shape that the catalog never writes. */
  private static final class UnreadableRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static <T> T read(byte[] row, Class<T> type) {
    try {
      T read = Rows.read(row, type);
      if (read != null) {
        return read;
      }
    } catch (CatalogException _) {
      // Told below.
    }
    throw new UnreadableRowException();
  }

  private byte[] get(Family family, String key) {
    return database.read(reader -> reader.get(family, key));
  }

  private Optional<MediaRow> mediaRow(String hash) {
    return Optional.ofNullable(get(Family.MEDIA, hash)).map(row -> read(row, MediaRow.class));
  }

  private void removed(String key, byte[] row) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      throw new UnreadableRowException();
    }
    if (read(row, RemovedRow.class).aliases()) {
      purged.add(key.substring(0, slash));
    }
    removed.add(key.substring(slash + 1));
  }

  private void alias(String alias, byte[] row, Findings findings) {
    String hash = read(row, AliasRow.class).hash();
    if (purged.contains(hash)) {
      return;
    }
    if (get(Family.MEDIA, hash) == null) {
      findings.flaw(Flaw.ALIAS_DANGLES, alias);
    } else if (get(Family.MEDIA_ALIAS, hash + "/" + alias) == null) {
      findings.flaw(Flaw.ALIAS_UNLISTED, alias);
    }
  }

  private void listed(String key, Findings findings) {
    int slash = key.indexOf('/');
    if (slash >= 0 && purged.contains(key.substring(0, slash))) {
      return;
    }
    byte[] row = slash < 0 ? null : get(Family.ALIAS, key.substring(slash + 1));
    if (row == null || !read(row, AliasRow.class).hash().equals(key.substring(0, slash))) {
      findings.flaw(Flaw.LISTED_ALIAS_UNKNOWN, key);
    }
  }

  private void media(String hash, byte[] row, Findings findings) {
    MediaRow media = read(row, MediaRow.class);
    long aliases =
        database.read(reader -> (long) reader.scan(Family.MEDIA_ALIAS, hash + "/").size());
    if (aliases == 0) {
      findings.flaw(Flaw.MEDIA_UNREACHABLE, hash);
    } else if (aliases != media.aliases()) {
      findings.flaw(Flaw.ALIAS_COUNT, hash);
    }
    int variants =
        database.read(reader -> reader.scan(Family.VARIANT_ORDER, media.filename() + "/")).size();
    if (variants != media.variants().count() && !keyedByHash) {
      findings.flaw(Flaw.VARIANT_COUNT, hash);
    }
    byte[] back = get(Family.FILENAME, media.filename());
    if (back == null || !text(back).equals(hash)) {
      findings.flaw(Flaw.FILENAME_LOST, hash);
      lost.add(media.filename());
    }
    findings.blob(media.filename(), null, media.size(), hash, hash);
  }

  private void filename(String filename, byte[] row, Findings findings) {
    if (mediaRow(text(row)).filter(media -> media.filename().equals(filename)).isEmpty()) {
      findings.flaw(Flaw.FILENAME_DANGLES, filename);
    }
  }

  private void variant(String key, byte[] row, Findings findings) {
    VariantRow variant = read(row, VariantRow.class);
    int slash = key.indexOf('/');
    String media = slash < 0 ? "" : key.substring(0, slash);
    String filename = keyedByHash ? mediaRow(media).map(MediaRow::filename).orElse("") : media;
    if (removed.contains(filename)) {
      return;
    }
    if (get(Family.FILENAME, filename) == null && !lost.contains(filename)) {
      findings.flaw(Flaw.VARIANT_DANGLES, key);
    } else {
      findings.blob(filename, variant.blob(), variant.size(), variant.hash(), key);
    }
  }

  private void order(String key, byte[] row, Findings findings) {
    int slash = key.indexOf('/');
    String filename = slash < 0 ? "" : key.substring(0, slash);
    if (removed.contains(filename)) {
      return;
    }
    byte[] variant = get(Family.VARIANT, VariantRows.key(filename, text(row)));
    if (variant == null
        || !key.equals(VariantRows.orderKey(filename, read(variant, VariantRow.class).order()))) {
      findings.flaw(Flaw.VARIANT_ORDER, key);
    }
  }

  private void trashed(String blob, Findings findings) {
    if (database.read(reader -> naming(reader).unnamed(List.of(blob))).isEmpty()) {
      findings.flaw(Flaw.TRASH_IN_USE, blob);
    }
  }

  @Override
  public List<String> unaccounted(SortedSet<String> stored) {
    return database.read(reader -> RocksJournal.unaccounted(naming(reader), reader, stored));
  }

  @Override
  public Set<String> kept(Collection<String> unaccounted) {
    return database.read(reader -> RocksJournal.noted(reader, Place.KEPT, unaccounted));
  }

  private Naming naming(Database.Reader reader) {
    return new Naming(reader, keyedByHash);
  }

  @Override
  public Optional<Instant> newestName() {
    return database.read(RocksJournal::newestName);
  }

  @Override
  public long trash() {
    long[] count = new long[1];
    database.each(Family.TRASH, (_, _) -> count[0]++);
    return count[0];
  }

  @Override
  public void repair(Flaw flaw, String key) {
    if (repairs == null) {
      throw new IllegalStateException("opened for reading only");
    }
    repairs.repair(flaw, key);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    database.close();
    if (lock != null) {
      lock.close();
    }
  }
}
