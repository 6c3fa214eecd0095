package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Totals;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.rocksdb.RocksDBException;

/** Counts rows: all of them, or by how much one transaction changes their numbers. */
final class Tally {
  /** What is counted; the name in lower case is the key in {@link Family#TOTAL}. */
  private enum Total {
    ALIASES,
    MEDIA,
    /** Media that have a perceptual hash. */
    PHASHES,
    VARIANTS,
    ORIGINAL_BYTES,
    VARIANT_BYTES;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Total, Long> counts = new EnumMap<>(Total.class);

  private void add(Total total, long number) {
    counts.merge(total, number, Long::sum);
  }

  private long get(Total total) {
    return counts.getOrDefault(total, 0L);
  }

  /**
   * Counts a media and its aliases.
   *
   * @param sign 1 for one that comes, -1 for one that goes
   */
  void media(MediaRow row, int sign) {
    add(Total.MEDIA, sign);
    add(Total.ALIASES, sign * row.aliases());
    add(Total.PHASHES, row.phash().isPresent() ? sign : 0);
    add(Total.ORIGINAL_BYTES, sign * row.size());
  }

  /** Counts a variant; see {@link #media}. */
  Tally variant(VariantRow row, int sign) {
    add(Total.VARIANTS, sign);
    add(Total.VARIANT_BYTES, sign * row.size());
    return this;
  }

  /** Counts every row that can be read. */
  static Tally of(Reader reader) throws RocksDBException {
    Tally tally = new Tally();
    reader.each(
        Family.MEDIA,
        "",
        (_, row) -> tally.readable(() -> tally.media(Rows.read(row, MediaRow.class), 1)));
    reader.each(
        Family.VARIANT,
        "",
        (_, row) -> tally.readable(() -> tally.variant(Rows.read(row, VariantRow.class), 1)));
    return tally;
  }

  private boolean readable(Runnable count) {
    try {
      count.run();
    } catch (CatalogException _) {
      // Such a row is reported by pictj check.
    }
    return true;
  }

  /** Reads the totals of the catalog. */
  static Tally read(Reader reader) throws RocksDBException {
    Tally tally = new Tally();
    for (Total total : Total.values()) {
      byte[] value = reader.get(Family.TOTAL, total.key());
      if (value != null) {
        tally.add(total, Rows.number(value));
      }
    }
    return tally;
  }

  /** Writes these as the totals of the catalog. */
  void put(Session session) throws RocksDBException {
    for (Total total : Total.values()) {
      session.put(Family.TOTAL, total.key(), Rows.bytes(get(total)));
    }
  }

  /** Adds these to the totals of the catalog. */
  void addTo(Session session) {
    counts.forEach((total, number) -> session.add(total.key(), number));
  }

  /** How many media have no perceptual hash yet. */
  long lacking() {
    return get(Total.MEDIA) - get(Total.PHASHES);
  }

  /** Whether both have counted the same. */
  boolean isSameAs(Tally other) {
    return totals().equals(other.totals()) && lacking() == other.lacking();
  }

  Totals totals() {
    return new Totals(
        get(Total.ALIASES),
        get(Total.MEDIA),
        get(Total.VARIANTS),
        get(Total.ORIGINAL_BYTES),
        get(Total.VARIANT_BYTES));
  }
}
