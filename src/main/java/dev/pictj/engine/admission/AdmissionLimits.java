package dev.pictj.engine.admission;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
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
  private static final int VIDEO_CORES = 4;

  /** The limits that an administrator has set. */
  public static AdmissionLimits of(Settings settings) {
    return new AdmissionLimits(
        settings.get(SettingsCatalogue.IMAGE_JOBS),
        settings.get(SettingsCatalogue.IMAGE_BUDGET),
        settings.get(SettingsCatalogue.IMAGE_SMALL_COST),
        settings.get(SettingsCatalogue.IMAGE_QUEUE),
        settings.get(SettingsCatalogue.IMAGE_QUEUE_COST),
        settings.get(SettingsCatalogue.IMAGE_QUEUE_TIMEOUT));
  }

  /** The most work that one image job may be; see {@link JobCost#work}. */
  public static long maxImageWork(Settings settings) {
    return maxWork(settings, settings.get(SettingsCatalogue.IMAGE_TIMEOUT));
  }

  /** The most work that a video job may have: ffmpeg works on several cores. */
  public static long maxVideoWork(Settings settings) {
    long work = maxWork(settings, settings.get(SettingsCatalogue.VIDEO_TIMEOUT));
    return work > Long.MAX_VALUE / VIDEO_CORES ? work : work * VIDEO_CORES;
  }

  private static long maxWork(Settings settings, Duration timeout) {
    long rate = settings.get(SettingsCatalogue.IMAGE_COST_RATE);
    return rate == 0 ? Long.MAX_VALUE : rate * 1000 * timeout.toMillis();
  }
}
