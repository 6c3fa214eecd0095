package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rows of a catalog mean, by number, and how those of older numbers are brought up to
 * date.
 *
 * <ol>
 *   <li>Rows of variants are keyed by the hash of their media.
 *   <li>They are keyed by its filename, which is used once and never again, and have an order.
 * </ol>
 */
final class Schema {
  private static final Logger log = LoggerFactory.getLogger(Schema.class);

  private static final String KEY = Opening.SCHEMA_KEY;
  private static final int CURRENT = 2;

  /** Rows that are moved in one transaction. */
  private static final int STEP = 200;

  /** Of the first schema: a hash, which no filename looks like. */
  private static final Pattern BY_HASH = Pattern.compile("[0-9a-f]{64}/.*");

  /** Keys of what variants are made from, which are not counted among them. */
  private static final Pattern INTERMEDIATE = Pattern.compile("(still|mezzanine)\\..*");

  private final Database database;

  private Schema(Database database) {
    this.database = database;
  }

  /** The number that is written down, 0 in a new catalog. */
  private static int of(Database database) {
    String text =
        database.read(reader -> Optional.ofNullable(reader.text(Family.META, KEY))).orElse("0");
    try {
      int number = Integer.parseInt(text);
      if (number <= CURRENT) {
        return number;
      }
    } catch (NumberFormatException _) {
      // No version writes that, so it is a later one.
    }
    throw tooNew(
        "has schema %s, and this version of pictj knows up to %d".formatted(text, CURRENT));
  }

  /** Refuses a catalog that a later version has written. */
  static CatalogException tooNew(String why) {
    return new CatalogException(
        "the catalog %s: use the newer pictj that wrote it, or put back a backup from before the upgrade"
            .formatted(why));
  }

  /** Whether the catalog knows its number. */
  static boolean isKnown(Database database) {
    return of(database) > 0;
  }

  /**
   * Whether it is of this version.
   *
   * @throws CatalogException when it is of a later one
   */
  static boolean isCurrent(Database database) {
    return of(database) == CURRENT;
  }

  /**
   * Brings it up to date, in steps that may be cut off at any moment: whoever comes next goes on.
   */
  static void update(Database database) {
    int found = of(database);
    if (found == CURRENT) {
      return;
    }
    if (found == 1) {
      new Schema(database).keyVariantsByFilename();
    }
    database.change(true, session -> session.put(Family.META, KEY, Integer.toString(CURRENT)));
  }

  private void keyVariantsByFilename() {
    log.info("the catalog has schema 1; rows of variants are keyed anew");
    String from = "";
    long moved = 0;
    while (true) {
      String start = from;
      List<Map.Entry<String, byte[]>> rows =
          database.read(reader -> reader.scan(Family.VARIANT, "", start, STEP));
      List<Map.Entry<String, byte[]>> old =
          rows.stream().filter(row -> BY_HASH.matcher(row.getKey()).matches()).toList();
      if (!old.isEmpty()) {
        // The sync at the end is for all of them.
        database.change(
            false,
            session -> {
              for (Map.Entry<String, byte[]> row : old) {
                keyByFilename(session, row.getKey(), row.getValue());
              }
            });
        moved += old.size();
      }
      if (rows.size() < STEP) {
        log.info("{} rows of variants are keyed anew", moved);
        return;
      }
      // The least key that is greater.
      from = rows.getLast().getKey() + "\0";
    }
  }

  private static void keyByFilename(Session session, String old, byte[] row)
      throws RocksDBException {
    int slash = old.indexOf('/');
    String hash = old.substring(0, slash);
    String key = old.substring(slash + 1);
    session.delete(Family.VARIANT, old);
    MediaRow known = session.row(Family.MEDIA, hash, MediaRow.class);
    if (known == null) {
      // It dangles. Its bytes, if there are any, are unnamed like others.
      return;
    }
    VariantRow variant = Rows.read(row, VariantRow.class);
    long order =
        INTERMEDIATE.matcher(key).matches()
            ? 0
            : VariantRows.order(session, known, variant.details().created());
    MediaRow changed = VariantRows.add(session, known, key, variant.withOrder(order));
    session.put(Family.MEDIA, hash, changed);
  }
}
