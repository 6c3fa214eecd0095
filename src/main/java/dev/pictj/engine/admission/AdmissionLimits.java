package dev.pictj.engine.admission;

import java.time.Duration;

/**
 * How much image work may run and wait at a time.
 *
 * @param jobs running at a time
 * @param budgetBytes predicted decoded bytes of all running jobs together
 * @param smallWork up to this much work a job is small; see {@link JobCost#work}
 * @param queue jobs that may wait
 * @param queueWork work that may wait, though one job of any size may where none does
 * @param maxWait how long one may wait
 */
public record AdmissionLimits(
    int jobs, long budgetBytes, long smallWork, int queue, long queueWork, Duration maxWait) {
  /** Refuses limits under which nothing could ever run. */
  public AdmissionLimits {
    if (jobs < 1
        || budgetBytes < 1
        || smallWork < 0
        || queue < 0
        || queueWork < 0
        || maxWait.isNegative()) {
      throw new IllegalArgumentException("admission limits would admit nothing");
    }
  }
}
