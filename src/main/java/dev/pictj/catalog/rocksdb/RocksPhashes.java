package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Similar;
import dev.pictj.catalog.Similar.Match;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.media.Phash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Media by their perceptual hashes. In {@link Family#PHASH} lies a row for each media that has one,
 * written and deleted with the row of the media. In memory lies an index of the hashes, made of
 * those rows by the first who looks for something, for many catalogs are never asked.
 *
 * <p>The index has each hash of an acknowledged row, and may have others, which lead to no row and
 * are not shown: the hash of a row is added after the row, and a hash is removed under the lock
 * that adding takes, after a look whether a row is left.
 */
final class RocksPhashes {
  private static final Logger log = LoggerFactory.getLogger(RocksPhashes.class);

  /** Rows that are read in one piece for the index. */
  private static final int ROWS_PER_STEP = 10_000;

  private final Database database;
  private final Lock making = new ReentrantLock();
  private final Lock changing = new ReentrantLock();
  private volatile @Nullable PhashIndex index;

  RocksPhashes(Database database) {
    this.database = database;
  }

  /** The key of a media's row. */
  static String key(Phash phash, String hash) {
    return phash + "/" + hash;
  }

  /** Notes that a media with this hash may have been added. */
  void added(Optional<Phash> phash) {
    if (index == null || phash.filter(Phash::isComparable).isEmpty()) {
      return;
    }
    changing.lock();
    try {
      PhashIndex known = index;
      if (known != null) {
        known.add(phash.get());
      }
    } finally {
      changing.unlock();
    }
  }

  /** Whether it matters that {@link #removed} is told of what goes. */
  boolean isInUse() {
    return index != null;
  }

  /** Notes that a media with this hash may have been removed. */
  void removed(Phash phash) {
    PhashIndex known = index;
    if (known == null || !phash.isComparable()) {
      return;
    }
    changing.lock();
    try {
      if (rows(phash, "", 1).isEmpty()) {
        known.remove(phash);
      }
    } catch (CatalogException e) {
      // The hash stays in the index until a search finds that it leads to no row.
      log.debug("cannot tell whether {} is anyone's", phash, e);
    } finally {
      changing.unlock();
    }
  }

  private List<String> rows(Phash phash, String from, int most) {
    return database.read(reader -> reader.scan(Family.PHASH, phash + "/", from, most)).stream()
        .map(Map.Entry::getKey)
        .toList();
  }

  private PhashIndex made() {
    making.lock();
    try {
      PhashIndex known = index;
      if (known == null) {
        known = new PhashIndex();
        // From here on the index is told of hashes that are added while the rows are read.
        index = known;
        try {
          fill(known);
        } catch (RuntimeException e) {
          index = null;
          throw e;
        }
      }
      return known;
    } finally {
      making.unlock();
    }
  }

  private void fill(PhashIndex target) {
    String from = "";
    int seen;
    do {
      String start = from;
      List<String> keys = new ArrayList<>();
      database.<Boolean>read(
          reader -> {
            reader.each(
                Family.PHASH, start, (key, _) -> keys.add(key) && keys.size() < ROWS_PER_STEP);
            return true;
          });
      for (String key : keys) {
        phashOf(key).filter(Phash::isComparable).ifPresent(target::add);
      }
      seen = keys.size();
      from = keys.isEmpty() ? "" : keys.getLast() + "\0";
    } while (seen == ROWS_PER_STEP);
  }

  /** The hash that a row's key begins with. */
  static Optional<Phash> phashOf(String key) {
    return Phash.parse(key.substring(0, Math.max(0, key.indexOf('/'))));
  }

  /** See {@link dev.pictj.catalog.Catalog#similar}. */
  Similar similar(Phash wanted, int distance, String after, int most) {
    List<Match> found = new ArrayList<>();
    long compared = 0;
    boolean again = wanted.isComparable();
    while (again) {
      // Some hashes may have led to no row, and have been removed from the index now.
      again = false;
      found.clear();
      NavigableMap<String, Phash> near = new TreeMap<>();
      compared += nearest(wanted, distance, after, most, near);
      for (Map.Entry<String, Phash> one : near.entrySet()) {
        again |= found.size() < most && !add(wanted, one.getValue(), after, most, found);
      }
    }
    return new Similar(found, compared, database.read(Tally::read).lacking());
  }

  /** Finds hashes whose media may come next, one more than is needed: the first may be used up. */
  private long nearest(
      Phash wanted, int distance, String after, int most, NavigableMap<String, Phash> near) {
    return made()
        .near(
            wanted,
            distance,
            (phash, bits) -> {
              String place = Match.place(bits, phash);
              if (place.compareTo(after.substring(0, Math.min(after.length(), place.length())))
                  >= 0) {
                near.put(place, phash);
              }
              if (near.size() > most + 1) {
                near.pollLastEntry();
              }
            });
  }

  /** Adds the media of a hash; false where there is none at all, and the hash is forgotten. */
  private boolean add(Phash wanted, Phash phash, String after, int most, List<Match> found) {
    int distance = wanted.distance(phash);
    String before = Match.place(distance, phash) + "-";
    String from = after.startsWith(before) ? after.substring(before.length()) + "\0" : "";
    List<String> hashes = rows(phash, from, most - found.size());
    if (hashes.isEmpty() && from.isEmpty()) {
      removed(phash);
      return false;
    }
    found.addAll(
        database.read(
            reader -> {
              List<Match> matches = new ArrayList<>();
              for (String hash : hashes) {
                // One that goes in this moment is left out.
                MediaRow row = reader.row(Family.MEDIA, hash, MediaRow.class);
                if (row != null) {
                  matches.add(new Match(row.media(hash), phash, distance));
                }
              }
              return matches;
            }));
    return true;
  }
}
