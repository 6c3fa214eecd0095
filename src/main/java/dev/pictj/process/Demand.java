package dev.pictj.process;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Of which pictures more than one small variant was wanted lately. One that is made twice, because
 * it was lost, counts once.
 */
final class Demand {
  private static final int MOST_PICTURES = 10_000;
  private static final String MET = "";

  private final Cache<String, String> firsts =
      Caffeine.newBuilder().maximumSize(MOST_PICTURES).build();

  /**
   * A variant was made.
   *
   * @return whether it is another one than the first of this picture, and nobody has said yet that
   *     the demand is met
   */
  boolean grows(String filename, String key) {
    String first = firsts.asMap().putIfAbsent(filename, key);
    return first != null && !first.equals(MET) && !first.equals(key);
  }

  /** It does not grow any more, whatever is made. */
  void meet(String filename) {
    firsts.put(filename, MET);
  }

  /** It begins anew. */
  void forget(String filename) {
    firsts.invalidate(filename);
  }
}
