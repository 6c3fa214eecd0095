package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Repairs single flaws. Each repair looks again first: an earlier one may have done its work. */
final class Repairs {
  private Repairs() {}

  /** Does in one transaction what {@link Flaw#repair} says. */
  static void repair(Session session, Flaw flaw, String key) throws RocksDBException {
    String owner = key.substring(0, Math.max(0, key.indexOf('/')));
    switch (flaw) {
      case ALIAS_DANGLES -> session.delete(Family.ALIAS, key);
      case ALIAS_UNLISTED -> list(session, key);
      case LISTED_ALIAS_UNKNOWN -> {
        session.delete(Family.MEDIA_ALIAS, key);
        count(session, owner);
      }
      case ALIAS_COUNT, MEDIA_UNREACHABLE -> count(session, key);
      case FILENAME_LOST -> {
        MediaRow media = session.row(Family.MEDIA, key, MediaRow.class);
        if (media != null) {
          session.put(Family.FILENAME, media.filename(), key);
        }
      }
      case FILENAME_DANGLES -> session.delete(Family.FILENAME, key);
      case VARIANT_DANGLES -> {
        VariantRow variant = session.row(Family.VARIANT, key, VariantRow.class);
        if (variant != null) {
          VariantRows.forget(session, key, variant);
        }
      }
      case VARIANT_COUNT -> countVariants(session, key);
      case VARIANT_ORDER -> {
        session.delete(Family.VARIANT_ORDER, key);
        countVariants(session, session.text(Family.FILENAME, owner));
      }
      case VARIANT_DAMAGED -> forgetVariant(session, owner, key);
      case PHASH_UNLISTED -> {
        MediaRow media = session.row(Family.MEDIA, key, MediaRow.class);
        if (media != null) {
          MediaRows.listByPhash(session, key, Optional.empty(), media.phash());
        }
      }
      case PHASH_DANGLES -> session.delete(Family.PHASH, key);
      case TOTALS -> Tally.of(session).put(session);
      case TRASH_IN_USE -> session.delete(Family.TRASH, key);
      case VARIANT_UNNAMED -> session.put(Family.TRASH, key, Instant.now().toString());
      // Flaws of files are repaired by the store.
      case FILE_UNNAMED,
          FILE_SPARED,
          ROWS_LOST,
          ROW_UNREADABLE,
          FILE_MISSING,
          FILE_SIZE,
          FILE_CONTENT,
          FILE_SET_ASIDE ->
          throw new IllegalArgumentException("nothing repairs: " + flaw.meaning());
    }
  }

  private static void list(Session session, String alias) throws RocksDBException {
    AliasRow found = session.row(Family.ALIAS, alias, AliasRow.class);
    if (found != null) {
      session.put(
          Family.MEDIA_ALIAS,
          found.hash() + "/" + alias,
          Long.toString(Rows.micros(found.created())));
      count(session, found.hash());
    }
  }

  /** Counts the aliases of a media anew; a media without any is removed. */
  private static void count(Session session, String hash) throws RocksDBException {
    MediaRow media = session.row(Family.MEDIA, hash, MediaRow.class);
    if (media == null) {
      return;
    }
    long aliases = session.count(Family.MEDIA_ALIAS, hash + "/");
    if (aliases > 0) {
      MediaRows.replace(session, hash, media, media.withAliases(aliases));
      return;
    }
    MediaRows.replace(session, hash, media, null);
    session.delete(Family.FILENAME, media.filename());
    session.put(Family.TRASH, media.filename(), Instant.now().toString());
    boolean _ = VariantRows.clear(session, media.filename(), Integer.MAX_VALUE, Instant.now());
  }

  /** Counts the variants of a media anew. */
  private static void countVariants(Session session, @Nullable String hash)
      throws RocksDBException {
    MediaRow media = hash == null ? null : session.row(Family.MEDIA, hash, MediaRow.class);
    if (hash != null && media != null) {
      long count = session.count(Family.VARIANT_ORDER, media.filename() + "/");
      session.put(Family.MEDIA, hash, media.withVariants(media.variants().withCount(count)));
    }
  }

  private static void forgetVariant(Session session, String filename, String row)
      throws RocksDBException {
    VariantRow variant = session.row(Family.VARIANT, row, VariantRow.class);
    String hash = session.text(Family.FILENAME, filename);
    if (variant != null && hash != null) {
      String key = row.substring(filename.length() + 1);
      VariantRows.delete(session, filename, key, variant, Instant.now());
      countVariants(session, hash);
    }
  }
}
