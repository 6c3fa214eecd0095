package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.time.Instant;
import java.util.ArrayList;
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
 *   <li>Rows are counted, media are listed by the time of their upload, and variants by the time
 *       when they were last asked for.
 *   <li>There may be uploads in the background and URLs that stand for an alias.
 *   <li>Media are listed by their perceptual hashes and those that have one are counted; there may
 *       be a list of what is denied.
 * </ol>
 */
final class Schema {
  private static final Logger log = LoggerFactory.getLogger(Schema.class);

  private static final String KEY = Opening.SCHEMA_KEY;
  private static final int CURRENT = 5;

  /** The first schema whose rows are counted and listed. */
  private static final int FIRST_WITH_COUNTS = 3;

  /** Rows that are moved in one transaction. */
  private static final int ROWS_PER_STEP = 200;

  /** Keys of the first schema begin with a hash, which no filename looks like. */
  private static final Pattern BY_HASH = Pattern.compile("[0-9a-f]{64}/.*");

  /** Keys of what variants are made from, which are not counted among them. */
  private static final Pattern INTERMEDIATE = Pattern.compile("(still|mezzanine)\\..*");

  private final Database database;
  private final Instant now;

  private Schema(Database database, Instant now) {
    this.database = database;
    this.now = now;
  }

  /** The schema that the catalog names; 0 for a new catalog. */
  private static int of(Database database) {
    String text =
        database.read(reader -> Optional.ofNullable(reader.text(Family.META, KEY))).orElse("0");
    try {
      int number = Integer.parseInt(text);
      if (number <= CURRENT) {
        return number;
      }
    } catch (NumberFormatException _) {
      // No version up to this one writes such a number, so a later one has.
    }
    throw Loss.tooNew(
        "has schema %s, and this version of pictj knows up to %d".formatted(text, CURRENT));
  }

  /** Whether the catalog knows its number. */
  static boolean isKnown(Database database) {
    return of(database) > 0;
  }

  /**
   * Whether the catalog has the schema of this version.
   *
   * @throws CatalogException when it is of a later one
   */
  static boolean isCurrent(Database database) {
    return of(database) == CURRENT;
  }

  /**
   * Brings the catalog up to date, in steps that a crash may cut off at any moment: the next start
   * goes on with them.
   *
   * @param now counts as the time when variants of older schemas were last asked for
   */
  static void update(Database database, Instant now) {
    int found = of(database);
    if (found == CURRENT) {
      return;
    }
    Schema old = new Schema(database, now);
    if (found == 1) {
      old.keyVariantsByFilename();
    }
    if (found > 0 && found < FIRST_WITH_COUNTS) {
      old.list();
    }
    if (found > 0) {
      old.listByPhash();
    }
    Tally totals = found > 0 ? database.read(Tally::of) : new Tally();
    database.change(
        true,
        session -> {
          totals.put(session);
          session.put(Family.META, KEY, Integer.toString(CURRENT));
        });
  }

  private void keyVariantsByFilename() {
    log.info("the catalog has schema 1; rows of variants are keyed anew");
    each(
        Family.VARIANT,
        (_, key, _) -> BY_HASH.matcher(key).matches(),
        (session, key, row) -> keyByFilename(session, key, row));
  }

  /** Whether a row is to be changed yet. */
  @FunctionalInterface
  private interface Due {
    boolean test(Reader reader, String key, byte[] row) throws RocksDBException;
  }

  /** Changes what hangs on a row. */
  @FunctionalInterface
  private interface Step {
    void at(Session session, String key, byte[] row) throws RocksDBException;
  }

  private void each(Family family, Due due, Step step) {
    String from = "";
    while (true) {
      String start = from;
      List<Map.Entry<String, byte[]>> rows =
          database.read(reader -> reader.scan(family, "", start, ROWS_PER_STEP));
      List<Map.Entry<String, byte[]>> old =
          database.read(
              reader -> {
                List<Map.Entry<String, byte[]>> found = new ArrayList<>();
                for (Map.Entry<String, byte[]> row : rows) {
                  if (due.test(reader, row.getKey(), row.getValue())) {
                    found.add(row);
                  }
                }
                return found;
              });
      if (!old.isEmpty()) {
        // One sync at the end is for all transactions.
        database.change(
            false,
            session -> {
              for (Map.Entry<String, byte[]> row : old) {
                step.at(session, row.getKey(), row.getValue());
              }
            });
      }
      if (rows.size() < ROWS_PER_STEP) {
        return;
      }
      // The next key after this one.
      from = rows.getLast().getKey() + "\0";
    }
  }

  private void list() {
    log.info("the catalog is of an older schema; its rows are listed and counted");
    each(
        Family.VARIANT,
        (_, _, row) ->
            readable(row, VariantRow.class).filter(one -> one.lastAsked() == 0).isPresent(),
        (session, key, row) ->
            VariantRows.putAsked(session, key, Rows.read(row, VariantRow.class).asked(now)));
    each(
        Family.MEDIA,
        (reader, hash, row) -> {
          Optional<MediaRow> media = readable(row, MediaRow.class);
          return media.isPresent()
              && reader.get(Family.UPLOAD, MediaRows.place(hash, media.get())) == null;
        },
        (session, hash, row) -> MediaRows.enter(session, hash, Rows.read(row, MediaRow.class)));
  }

  private void listByPhash() {
    each(
        Family.MEDIA,
        (reader, hash, row) -> {
          Optional<MediaRow> media = readable(row, MediaRow.class);
          return media.isPresent() && !MediaRows.isListedByPhash(reader, hash, media.get());
        },
        (session, hash, row) ->
            MediaRows.listByPhash(
                session, hash, Optional.empty(), Rows.read(row, MediaRow.class).phash()));
  }

  /** Reads a row; empty where that fails, which {@code pictj check} reports. */
  private static <T> Optional<T> readable(byte[] row, Class<T> type) {
    try {
      return Optional.of(Rows.read(row, type));
    } catch (CatalogException _) {
      return Optional.empty();
    }
  }

  private void keyByFilename(Session session, String old, byte[] row) throws RocksDBException {
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
    MediaRow changed = VariantRows.add(session, known, key, variant.asked(now).withOrder(order));
    session.put(Family.MEDIA, hash, changed);
  }
}
