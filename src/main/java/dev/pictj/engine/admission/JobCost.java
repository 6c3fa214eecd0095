package dev.pictj.engine.admission;

/**
 * What a job will probably cost.
 *
 * @param bytes of pixels it holds in memory at its height
 * @param work its time, in pixels of a plain picture decoded: the unit in which a baseline JPEG of
 *     a megapixel costs a million
 */
public record JobCost(long bytes, long work) {
  /** Refuses costs below nothing. */
  public JobCost {
    if (bytes < 0 || work < 0) {
      throw new IllegalArgumentException("no job costs less than nothing");
    }
  }
}
