package dev.pictj.engine.admission;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;

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

  /**
   * Refuses what could not be done in time, before it takes any.
   *
   * @param most work that a job may be
   * @return this
   * @throws MediaException {@code TOO_EXPENSIVE}, with limit and value
   */
  JobCost requireAtMost(long most) throws MediaException {
    if (work > most) {
      throw new MediaException(
          Reason.TOO_EXPENSIVE,
          "Image work of about %d megapixels is over the limit of %d megapixels"
              .formatted(work / 1_000_000, most / 1_000_000));
    }
    return this;
  }
}
