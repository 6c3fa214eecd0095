package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.rocksdb.RocksDBException;

/**
 * Mends single flaws, each in one synced transaction. Each looks again first: an earlier repair may
 * have mended it along the way.
 */
final class Repairs {
  private final Database database;

  Repairs(Database database) {
    this.database = database;
  }

  void repair(Flaw flaw, String key) {
    database.<Void>write(
        true,
        session -> {
          switch (flaw) {
            case ALIAS_DANGLES -> session.delete(Family.ALIAS, key);
            case ALIAS_UNLISTED -> list(session, key);
            case LISTED_ALIAS_UNKNOWN -> strike(session, key);
            case ALIAS_COUNT, MEDIA_UNREACHABLE -> count(session, key);
            case FILENAME_LOST -> enterFilename(session, key);
            case FILENAME_DANGLES -> session.delete(Family.FILENAME, key);
            case VARIANT_DANGLES -> session.delete(Family.VARIANT, key);
            case VARIANT_COUNT -> countVariants(session, key);
            case VARIANT_ORDER -> removeOrder(session, key);
            case VARIANT_DAMAGED -> forgetVariant(session, key);
            case TRASH_IN_USE -> session.delete(Family.TRASH, key);
            case VARIANT_UNNAMED -> discard(session, key);
            // The first two are a matter of the store.
            case FILE_UNNAMED,
                FILE_SPARED,
                ROWS_LOST,
                ROW_UNREADABLE,
                FILE_MISSING,
                FILE_SIZE,
                FILE_CONTENT ->
                throw new IllegalArgumentException("nothing repairs: " + flaw.meaning());
          }
          return null;
        });
  }

  private static void list(Session session, String alias) throws RocksDBException {
    byte[] row = session.get(Family.ALIAS, alias);
    if (row != null) {
      AliasRow found = Rows.read(row, AliasRow.class);
      Instant created = found.created();
      long order = created.getEpochSecond() * 1_000_000 + created.getNano() / 1000;
      session.put(Family.MEDIA_ALIAS, found.hash() + "/" + alias, text(Long.toString(order)));
      count(session, found.hash());
    }
  }

  private static void strike(Session session, String key) throws RocksDBException {
    session.delete(Family.MEDIA_ALIAS, key);
    int slash = key.indexOf('/');
    if (slash >= 0) {
      count(session, key.substring(0, slash));
    }
  }

  /** Counts the aliases of a media; one without any goes. */
  private static void count(Session session, String hash) throws RocksDBException {
    byte[] row = session.get(Family.MEDIA, hash);
    if (row == null) {
      return;
    }
    MediaRow media = Rows.read(row, MediaRow.class);
    int aliases = session.scan(Family.MEDIA_ALIAS, hash + "/").size();
    if (aliases > 0) {
      session.put(Family.MEDIA, hash, Rows.write(media.withAliases(aliases)));
      return;
    }
    session.delete(Family.MEDIA, hash);
    session.delete(Family.FILENAME, media.filename());
    discard(session, media.filename());
    VariantRows.clear(session, media.filename(), Integer.MAX_VALUE, Instant.now());
  }

  private static void countVariants(Session session, String hash) throws RocksDBException {
    byte[] row = session.get(Family.MEDIA, hash);
    if (row != null) {
      MediaRow media = Rows.read(row, MediaRow.class);
      int count = session.scan(Family.VARIANT_ORDER, media.filename() + "/").size();
      session.put(
          Family.MEDIA, hash, Rows.write(media.withVariants(media.variants().withCount(count))));
    }
  }

  private static void removeOrder(Session session, String key) throws RocksDBException {
    session.delete(Family.VARIANT_ORDER, key);
    byte[] hash = session.get(Family.FILENAME, key.substring(0, Math.max(0, key.indexOf('/'))));
    if (hash != null) {
      countVariants(session, new String(hash, StandardCharsets.UTF_8));
    }
  }

  private static void enterFilename(Session session, String hash) throws RocksDBException {
    byte[] row = session.get(Family.MEDIA, hash);
    if (row != null) {
      session.put(Family.FILENAME, Rows.read(row, MediaRow.class).filename(), text(hash));
    }
  }

  private static void forgetVariant(Session session, String key) throws RocksDBException {
    byte[] row = session.get(Family.VARIANT, key);
    String filename = key.substring(0, key.indexOf('/'));
    byte[] hash = session.get(Family.FILENAME, filename);
    if (row != null && hash != null) {
      VariantRows.delete(
          session,
          filename,
          key.substring(filename.length() + 1),
          Rows.read(row, VariantRow.class),
          Instant.now());
      countVariants(session, new String(hash, StandardCharsets.UTF_8));
    }
  }

  private static void discard(Session session, String blob) throws RocksDBException {
    session.put(Family.TRASH, blob, text(Instant.now().toString()));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
