package dev.pictj.engine.vips.worker;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import java.time.Duration;

/**
 * How many processes run libvips, and what each of them may use.
 *
 * @param jobs at a time, each by a process of its own
 * @param memoryBytes address space of one process
 * @param outputBytes the most that one job may write
 * @param idleTime the quiet time after which the last process is ended too
 */
public record WorkerLimits(int jobs, long memoryBytes, long outputBytes, Duration idleTime) {
  /** Java itself reserves some hundred megabytes before it begins. */
  private static final long JAVA_BYTES = 512L << 20;

  /**
   * The limits that an administrator has set.
   *
   * @param addressBytes that one run of a tool may take for a picture
   */
  public static WorkerLimits of(Settings settings, long addressBytes) {
    return new WorkerLimits(
        settings.get(SettingsCatalogue.IMAGE_JOBS),
        addressBytes + JAVA_BYTES,
        settings.get(SettingsCatalogue.TOOL_OUTPUT_SIZE),
        settings.get(SettingsCatalogue.ENGINE_IDLE_TIMEOUT));
  }
}
