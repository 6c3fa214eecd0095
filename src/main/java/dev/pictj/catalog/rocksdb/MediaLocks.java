package dev.pictj.catalog.rocksdb;

import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Whoever changes a media waits for those who came before him. Without that he would wait for its
 * rows inside a transaction, in no order, and hold one of the few threads that transactions have.
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

  /** Does something to the media of these hashes when it is its turn. */
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
