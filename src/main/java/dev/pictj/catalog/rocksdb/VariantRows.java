package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import dev.pictj.catalog.rocksdb.Rows.VariantsRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;

/**
 * The rows of a media's variants, their order, and their count in the media's own row, which
 * whoever calls has read and writes.
 *
 * <p>A variant that is counted has a second row, keyed by its order. So the oldest is found by one
 * seek, however many there are.
 */
final class VariantRows {
  /**
   * Evictions with one addition, at most. Where a media has many more than are allowed, because the
   * bound was lowered, each addition takes some of them with it.
   */
  static final int EVICTIONS_PER_ADDITION = 8;

  private VariantRows() {}

  /** Key of the row of a variant. */
  static String key(String filename, String key) {
    return filename + "/" + key;
  }

  /** The row of a variant, or null. */
  static VariantRow find(Reader reader, String filename, String key) throws RocksDBException {
    return reader.row(Family.VARIANT, key(filename, key), VariantRow.class);
  }

  /** Key of the row of its place in the order. */
  static String orderKey(String filename, long order) {
    return filename + "/" + digits(order);
  }

  private static String digits(long order) {
    return "%016x".formatted(order);
  }

  /** Microseconds since the epoch. */
  static long micros(Instant moment) {
    return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1000;
  }

  /** Adds one that is counted, as the youngest unless it was made before others. */
  static MediaRow add(Session session, MediaRow media, String key, VariantRow variant, Instant made)
      throws RocksDBException {
    VariantsRow before = replace(session, media, key, variant, made);
    long order = Math.max(1, micros(made));
    while (session.get(Family.VARIANT_ORDER, orderKey(media.filename(), order)) != null) {
      order++;
    }
    put(session, media, key, variant.withOrder(order));
    return media.withVariants(
        new VariantsRow(
            before.count() + 1,
            Math.min(before.oldest(), order),
            Math.max(before.next(), order + 1)));
  }

  /** Adds the youngest one, whatever the clock says. */
  static MediaRow addYoungest(
      Session session, MediaRow media, String key, VariantRow variant, Instant now)
      throws RocksDBException {
    VariantsRow before = replace(session, media, key, variant, now);
    long order = Math.max(before.next(), micros(now));
    put(session, media, key, variant.withOrder(order));
    return media.withVariants(new VariantsRow(before.count() + 1, before.oldest(), order + 1));
  }

  /** Adds one that is not counted, because others are made from it. */
  static MediaRow addIntermediate(
      Session session, MediaRow media, String key, VariantRow variant, Instant now)
      throws RocksDBException {
    VariantsRow before = replace(session, media, key, variant, now);
    session.put(Family.VARIANT, key(media.filename(), key), variant.withOrder(0));
    return media.withVariants(before);
  }

  private static void put(Session session, MediaRow media, String key, VariantRow variant)
      throws RocksDBException {
    session.put(Family.VARIANT, key(media.filename(), key), variant);
    session.put(Family.VARIANT_ORDER, orderKey(media.filename(), variant.order()), key);
  }

  /** Makes room under a key. */
  private static VariantsRow replace(
      Session session, MediaRow media, String key, VariantRow variant, Instant now)
      throws RocksDBException {
    VariantRow replaced = find(session, media.filename(), key);
    if (replaced == null) {
      return media.variants();
    }
    if (!replaced.blob().equals(variant.blob())) {
      return remove(session, media, key, replaced, now).variants();
    }
    return removeOrder(session, media, replaced).variants();
  }

  /** Removes one; its blob enters the trash journal. */
  static MediaRow remove(
      Session session, MediaRow media, String key, VariantRow variant, Instant now)
      throws RocksDBException {
    delete(session, media.filename(), key, variant, now);
    return media.withVariants(without(media.variants(), variant));
  }

  private static MediaRow removeOrder(Session session, MediaRow media, VariantRow variant)
      throws RocksDBException {
    if (variant.order() > 0) {
      session.delete(Family.VARIANT_ORDER, orderKey(media.filename(), variant.order()));
    }
    return media.withVariants(without(media.variants(), variant));
  }

  private static VariantsRow without(VariantsRow variants, VariantRow one) {
    return one.order() > 0 ? variants.withCount(variants.count() - 1) : variants;
  }

  /** Removes the rows of one, whether or not its media is still there. */
  static void delete(Session session, String filename, String key, VariantRow variant, Instant now)
      throws RocksDBException {
    session.delete(Family.VARIANT, key(filename, key));
    if (variant.order() > 0) {
      session.delete(Family.VARIANT_ORDER, orderKey(filename, variant.order()));
    }
    session.put(Family.TRASH, key(filename, variant.blob()), now.toString());
  }

  /**
   * Removes the oldest ones as long as there are too many, and not too many at a time.
   *
   * @param most that may be left
   * @param evicted is given their keys
   */
  static MediaRow evict(
      Session session, MediaRow media, int most, List<String> evicted, Instant now)
      throws RocksDBException {
    VariantsRow variants = media.variants();
    long tooMany = Math.min(EVICTIONS_PER_ADDITION, variants.count() - most);
    if (tooMany <= 0) {
      return media;
    }
    String prefix = media.filename() + "/";
    List<Map.Entry<String, byte[]>> oldest =
        session.scan(Family.VARIANT_ORDER, prefix, digits(variants.oldest()), (int) tooMany);
    long from = variants.oldest();
    for (Map.Entry<String, byte[]> one : oldest) {
      String key = Rows.text(one.getValue());
      from = Long.parseLong(one.getKey(), 16) + 1;
      session.delete(Family.VARIANT_ORDER, prefix + one.getKey());
      VariantRow variant = find(session, media.filename(), key);
      if (variant != null) {
        delete(session, media.filename(), key, variant, now);
        evicted.add(key);
      }
    }
    return media.withVariants(
        new VariantsRow(variants.count() - oldest.size(), from, variants.next()));
  }

  /**
   * Removes some of a media that is gone.
   *
   * @param most variants to remove
   * @return whether there may be more
   */
  static boolean clear(Session session, String filename, int most, Instant now)
      throws RocksDBException {
    List<Map.Entry<String, byte[]>> found = session.scan(Family.VARIANT, filename + "/", "", most);
    for (Map.Entry<String, byte[]> one : found) {
      delete(session, filename, one.getKey(), Rows.read(one.getValue(), VariantRow.class), now);
    }
    return found.size() == most;
  }
}
