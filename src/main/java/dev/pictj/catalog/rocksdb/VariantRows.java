package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import dev.pictj.catalog.rocksdb.Rows.VariantsRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The rows of a media's variants, their order, and their count in the media's own row, which the
 * caller has read, and writes.
 *
 * <p>A variant that is counted has a second row, keyed by its order, which grows when it is asked
 * for. So the one that nobody has asked for the longest is found by one seek, however many there
 * are.
 */
final class VariantRows {
  /**
   * Evictions with one addition, at most. Where a media has many more than are allowed, because the
   * bound was lowered, each addition takes some of them with it.
   */
  static final int EVICTIONS_PER_ADDITION = 8;

  private VariantRows() {}

  /** The row of a variant, or null. */
  static @Nullable VariantRow find(Reader reader, VariantKey key) throws RocksDBException {
    return reader.row(Family.VARIANT, key.toString(), VariantRow.class);
  }

  /** Key of the row of its place in the order. */
  static String orderKey(String filename, long order) {
    return filename + "/" + digits(order);
  }

  private static String digits(long order) {
    return "%016x".formatted(order);
  }

  /**
   * Key of the row by which the variants that were not asked for the longest are found first.
   *
   * @param key of the variant's row
   */
  static String askedKey(long lastAsked, String key) {
    return digits(lastAsked) + "/" + key;
  }

  /**
   * Notes when a variant was asked for, if it is still there and was not asked for later. Where it
   * is counted, it goes to its place in the order: never back, whatever the clock says, for nobody
   * looks below the oldest.
   */
  static void asked(Session session, VariantKey key, Instant when) throws RocksDBException {
    VariantRow variant = find(session, key);
    if (variant == null || Rows.micros(when) < variant.lastAsked()) {
      return;
    }
    session.delete(Family.VARIANT_ASKED, askedKey(variant.lastAsked(), key.toString()));
    VariantRow changed = variant.asked(when);
    if (variant.order() > 0 && Rows.micros(when) > variant.order()) {
      long order = freeOrder(session, key.filename(), Rows.micros(when));
      session.delete(Family.VARIANT_ORDER, orderKey(key.filename(), variant.order()));
      session.put(Family.VARIANT_ORDER, orderKey(key.filename(), order), key.name());
      changed = changed.withOrder(order);
    }
    putAsked(session, key.toString(), changed);
  }

  /** Writes the row of a variant that was asked for or made now. */
  static void putAsked(Session session, String key, VariantRow variant) throws RocksDBException {
    session.put(Family.VARIANT, key, variant);
    session.put(Family.VARIANT_ASKED, askedKey(variant.lastAsked(), key), "");
  }

  /** The order of a variant that is made now, above those made before, whatever the clock says. */
  static long youngest(Session session, MediaRow media, Instant now) throws RocksDBException {
    return freeOrder(
        session, media.filename(), Math.max(media.variants().next(), Rows.micros(now)));
  }

  /** An order that is free, for a variant that may have been made before others. */
  static long order(Session session, MediaRow media, Instant made) throws RocksDBException {
    return freeOrder(session, media.filename(), Rows.micros(made));
  }

  private static long freeOrder(Session session, String filename, long least)
      throws RocksDBException {
    long order = Math.max(1, least);
    while (session.get(Family.VARIANT_ORDER, orderKey(filename, order)) != null) {
      order++;
    }
    return order;
  }

  /** Adds a variant under a key that is free. One without an order is not counted. */
  static MediaRow add(Session session, MediaRow media, String key, VariantRow variant)
      throws RocksDBException {
    putAsked(session, media.filename() + "/" + key, variant);
    new Tally().variant(variant, 1).addTo(session);
    long order = variant.order();
    if (order == 0) {
      return media;
    }
    session.put(Family.VARIANT_ORDER, orderKey(media.filename(), order), key);
    VariantsRow before = media.variants();
    return media.withVariants(
        new VariantsRow(
            before.count() + 1,
            Math.min(before.oldest(), order),
            Math.max(before.next(), order + 1)));
  }

  /** Removes a variant; its blob enters the trash journal. */
  static MediaRow remove(
      Session session, MediaRow media, String key, VariantRow variant, Instant now)
      throws RocksDBException {
    delete(session, media.filename(), key, variant, now);
    VariantsRow variants = media.variants();
    return variant.order() > 0
        ? media.withVariants(variants.withCount(variants.count() - 1))
        : media;
  }

  /** Removes the rows of a variant, whether or not its media is still there. */
  static void delete(Session session, String filename, String key, VariantRow variant, Instant now)
      throws RocksDBException {
    forget(session, filename + "/" + key, variant);
    if (variant.order() > 0) {
      session.delete(Family.VARIANT_ORDER, orderKey(filename, variant.order()));
    }
    session.put(Family.TRASH, filename + "/" + variant.blob(), now.toString());
  }

  /** Removes the row of a variant by its key, and the rows of its order. */
  static void forget(Session session, String key, VariantRow variant) throws RocksDBException {
    session.delete(Family.VARIANT, key);
    session.delete(Family.VARIANT_ASKED, askedKey(variant.lastAsked(), key));
    new Tally().variant(variant, -1).addTo(session);
  }

  /**
   * Evicts the variants that have not been asked for the longest while there are too many, at most
   * {@link #EVICTIONS_PER_ADDITION} at a time.
   *
   * @param most that may be left
   * @param evicted is given their keys
   */
  static MediaRow evict(
      Session session, MediaRow media, int most, List<VariantKey> evicted, Instant now)
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
      VariantKey key = new VariantKey(media.filename(), Rows.text(one.getValue()));
      from = Long.parseLong(one.getKey(), 16) + 1;
      session.delete(Family.VARIANT_ORDER, prefix + one.getKey());
      VariantRow variant = find(session, key);
      if (variant != null) {
        delete(session, media.filename(), key.name(), variant, now);
        evicted.add(key);
      }
    }
    return media.withVariants(
        new VariantsRow(variants.count() - oldest.size(), from, variants.next()));
  }

  /**
   * Removes some variants of a media that is gone.
   *
   * @param most variants to remove
   * @return whether there may be more
   */
  static boolean clear(Session session, String filename, int most, Instant now)
      throws RocksDBException {
    List<Map.Entry<String, byte[]>> found = session.scan(Family.VARIANT, filename + "/", "", most);
    for (Map.Entry<String, byte[]> one : found) {
      // Read again, so that nobody changes it before the commit.
      VariantRow variant = find(session, new VariantKey(filename, one.getKey()));
      if (variant != null) {
        delete(session, filename, one.getKey(), variant, now);
      }
    }
    return found.size() == most;
  }
}
