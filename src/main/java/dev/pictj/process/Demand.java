package dev.pictj.process;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Remembers of which pictures more than one small variant was asked for lately. A variant that is
 * made twice, because it was lost, counts once.
 */
final class Demand {
  private static final int MAX_PICTURES = 10_000;

  /** Stands in place of the first variant's key once the demand is met; no key is empty. */
  private static final String DEMAND_MET = "";

  private final Cache<String, String> firsts =
      Caffeine.newBuilder().maximumSize(MAX_PICTURES).build();

  /**
   * Notes that a variant was made.
   *
   * @return whether it is another one than the first of this picture, and {@link #meet} was not
   *     called yet
   */
  boolean grows(String filename, String key) {
    String first = firsts.asMap().putIfAbsent(filename, key);
    return first != null && !first.equals(DEMAND_MET) && !first.equals(key);
  }

  /** Notes that the demand for a picture is met: later variants do not count. */
  void meet(String filename) {
    firsts.put(filename, DEMAND_MET);
  }

  /** Forgets what was counted for a picture. */
  void forget(String filename) {
    firsts.invalidate(filename);
  }
}
