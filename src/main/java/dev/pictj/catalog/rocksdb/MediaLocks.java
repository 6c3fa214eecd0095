package dev.pictj.catalog.rocksdb;

import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Changes of a media are made one after another, in the order in which they came. Without these
 * locks they would wait for its rows inside transactions, in no order, and each would hold one of
 * the few threads that transactions have.
 *
 * <p>There is a lock for each of many parts of all hashes. That two media share one is seldom, and
 * costs no more than a wait.
 */
final class MediaLocks {
  private static final int PARTS = 1024;

  private final ReentrantLock[] parts = new ReentrantLock[PARTS];

  MediaLocks() {
    // Fair, or a flood of changes would keep a single one waiting.
    Arrays.setAll(parts, _ -> new ReentrantLock(true));
  }

  /** Does a change of the media with these hashes when it is its turn. */
  <R> R inTurn(Collection<String> hashes, Supplier<R> work) {
    // In one order, so that no two wait for each other.
    int[] mine =
        hashes.stream().mapToInt(hash -> Math.floorMod(hash.hashCode(), PARTS)).sorted().toArray();
    for (int part : mine) {
      parts[part].lock();
    }
    try {
      return work.get();
    } finally {
      for (int part : mine) {
        parts[part].unlock();
      }
    }
  }
}
