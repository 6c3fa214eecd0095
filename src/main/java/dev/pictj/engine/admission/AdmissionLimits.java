package dev.pictj.engine.admission;

import java.time.Duration;

/**
 * How much image work may run and wait at a time.
 *
 * @param jobs running at a time
 * @param budgetBytes predicted decoded bytes of all running jobs together
 * @param queue jobs that may wait
 * @param maxWait how long one may wait
 */
public record AdmissionLimits(int jobs, long budgetBytes, int queue, Duration maxWait) {
  /** Refuses limits under which nothing could ever run. */
  public AdmissionLimits {
    if (jobs < 1 || budgetBytes < 1 || queue < 0 || maxWait.isNegative()) {
      throw new IllegalArgumentException("admission limits would admit nothing");
    }
  }
}
