package dev.pictj.engine.ffmpeg;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.child.ChildLimits;
import java.time.Duration;

/**
 * What one ffmpeg process may use.
 *
 * @param timeout wall time
 * @param memoryBytes address space; of it a video of 3840 by 2160 had 0.9 GB resident when
 *     measured, one of 7680 by 4320 1.5 GB, a GIF of 4000 by 3000 1.2 GB; see {@link X264Effort}
 * @param tempBytes its temp folder
 * @param outputBytes the file that it writes
 */
public record FfmpegLimits(Duration timeout, long memoryBytes, long tempBytes, long outputBytes) {
  /** The limits that an administrator has set. */
  public static FfmpegLimits of(Settings settings) {
    return new FfmpegLimits(
        settings.get(SettingsCatalogue.VIDEO_TIMEOUT),
        settings.get(SettingsCatalogue.VIDEO_MEMORY),
        settings.get(SettingsCatalogue.TOOL_TEMP_SIZE),
        settings.get(SettingsCatalogue.TOOL_OUTPUT_SIZE));
  }

  ChildLimits child() {
    return new ChildLimits(
        timeout, timeout.multipliedBy(4), outputBytes, memoryBytes, tempBytes, outputBytes);
  }
}
