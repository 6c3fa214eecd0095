package dev.pictj.catalog.rocksdb;

import dev.pictj.media.Phash;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.ObjIntConsumer;

/**
 * Perceptual hashes in memory, and which of them are near to one, without looking at all of them.
 *
 * <p>Multi-index hashing (Norouzi, Punjani and Fleet, 2012): the 64 bits are cut into four parts of
 * 16, and every hash lies in four tables, in each by one of its parts. Of a hash within the
 * distance 4q + r, with r below 4, one of the first r + 1 parts differs in q bits at most, or one
 * of the others in q - 1: else there would be more in all. So only those are compared that have a
 * part so near. For the distance 8 that is 188 places of a table, and of a million hashes that are
 * spread evenly 2 900, one in 350.
 *
 * <p>What it finds is exact, and each is found once: by the first of its parts that is near enough.
 */
final class PhashIndex {
  private static final int PARTS = 4;
  private static final int BITS_OF_PART = Phash.BITS / PARTS;
  private static final int BUCKETS_PER_PART = 1 << BITS_OF_PART;
  private static final long[] NONE = new long[0];

  /** By part, and by what is in it: the number of hashes, and they behind it. */
  private final long[][][] tables = new long[PARTS][BUCKETS_PER_PART][];

  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  PhashIndex() {
    for (long[][] table : tables) {
      Arrays.fill(table, NONE);
    }
  }

  private static int part(long hash, int part) {
    return (int) (hash >>> (part * BITS_OF_PART)) & (BUCKETS_PER_PART - 1);
  }

  /** Position of a hash at its place, or -1. */
  private static int find(long[] place, long hash) {
    for (int i = place.length == 0 ? 0 : (int) place[0]; i > 0; i--) {
      if (place[i] == hash) {
        return i;
      }
    }
    return -1;
  }

  /** Adds a hash unless it is there. */
  void add(Phash hash) {
    lock.writeLock().lock();
    try {
      for (int part = 0; part < PARTS; part++) {
        long[] place = tables[part][part(hash.bits(), part)];
        if (find(place, hash.bits()) > 0) {
          return;
        }
        int count = place.length == 0 ? 1 : (int) place[0] + 1;
        if (count >= place.length) {
          place = Arrays.copyOf(place, count + 1 + count / 4);
          tables[part][part(hash.bits(), part)] = place;
        }
        place[count] = hash.bits();
        place[0] = count;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Removes a hash if it is there. */
  void remove(Phash hash) {
    lock.writeLock().lock();
    try {
      for (int part = 0; part < PARTS; part++) {
        long[] place = tables[part][part(hash.bits(), part)];
        int found = find(place, hash.bits());
        if (found < 0) {
          return;
        }
        place[found] = place[(int) place[0]];
        place[0]--;
        if (place[0] == 0) {
          tables[part][part(hash.bits(), part)] = NONE;
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Shows those that differ in so many bits at most, in no order, each with its distance.
   *
   * @return how many were compared
   */
  long near(Phash hash, int distance, ObjIntConsumer<Phash> found) {
    Search search = new Search(hash.bits(), distance, found);
    lock.readLock().lock();
    try {
      for (int part = 0; part < PARTS; part++) {
        search.in(part);
      }
    } finally {
      lock.readLock().unlock();
    }
    return search.compared;
  }

  private final class Search {
    private final long hash;
    private final int distance;
    private final ObjIntConsumer<Phash> found;
    private long compared;

    Search(long hash, int distance, ObjIntConsumer<Phash> found) {
      this.hash = hash;
      this.distance = distance;
      this.found = found;
    }

    /** Bits in which a part may differ; below 0 where it need not be looked at. */
    private int radius(int part) {
      return distance / PARTS - (part > distance % PARTS ? 1 : 0);
    }

    void in(int part) {
      look(part, part(hash, part), 0, radius(part));
    }

    /** Looks into a bucket, and into those that differ in one more bit, from this bit on. */
    private void look(int part, int place, int from, int more) {
      if (more < 0) {
        return;
      }
      compare(part, tables[part][place]);
      for (int bit = from; more > 0 && bit < BITS_OF_PART; bit++) {
        look(part, place ^ (1 << bit), bit + 1, more - 1);
      }
    }

    private void compare(int part, long[] place) {
      int count = place.length == 0 ? 0 : (int) place[0];
      compared += count;
      for (int i = 1; i <= count; i++) {
        long difference = place[i] ^ hash;
        if (Long.bitCount(difference) <= distance && isFirst(part, difference)) {
          found.accept(new Phash(place[i]), Long.bitCount(difference));
        }
      }
    }

    private boolean isFirst(int part, long difference) {
      for (int before = 0; before < part; before++) {
        if (Integer.bitCount(part(difference, before)) <= radius(before)) {
          return false;
        }
      }
      return true;
    }
  }
}
