package dev.pictj.engine.magick;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.child.ChildLimits;
import java.time.Duration;

/**
 * What one ImageMagick process may use. Beyond {@code memoryBytes} pixels go to mapped files, then
 * to plain files, and beyond those the run fails. ImageMagick itself keeps to these three; the
 * other limits are enforced from outside, for the case that it does not.
 *
 * @param memoryBytes heap for pixels
 * @param mapBytes memory-mapped files for pixels
 * @param diskBytes plain files for pixels
 * @param threads of one process
 * @param addressBytes all of its memory: pixels, mapped files, libraries and what codecs hold
 * @param tempBytes its temp folder
 * @param outputBytes the picture that it writes
 */
public record MagickLimits(
    long memoryBytes,
    long mapBytes,
    long diskBytes,
    int threads,
    long addressBytes,
    long tempBytes,
    long outputBytes) {
  private static final long MIB = 1L << 20;

  /** The program, its libraries and small allocations: 57 MB when measured, for a small picture. */
  private static final long PROGRAM_BYTES = 256 * MIB;

  /** Encoding lossless WebP took most when measured, 21 bytes for each pixel beside the pixels. */
  private static final int CODEC_BYTES_PER_PIXEL = 24;

  /** The limits that an administrator has set. */
  public static MagickLimits of(Settings settings) {
    long memory = settings.get(SettingsCatalogue.IMAGE_MEMORY);
    long map = settings.get(SettingsCatalogue.IMAGE_MAP);
    long maxArea = settings.get(SettingsCatalogue.MAX_IMAGE_AREA);
    return new MagickLimits(
        memory,
        map,
        settings.get(SettingsCatalogue.IMAGE_DISK),
        settings.get(SettingsCatalogue.IMAGE_THREADS),
        settings
            .get(SettingsCatalogue.IMAGE_ADDRESS_SPACE)
            .orElse(addressBytesFor(memory, map, maxArea)),
        settings.get(SettingsCatalogue.TOOL_TEMP_SIZE),
        settings.get(SettingsCatalogue.TOOL_OUTPUT_SIZE));
  }

  /** The most bytes that pixels may take, in memory and on disk together. */
  public long pixelBytes() {
    return memoryBytes + mapBytes + diskBytes;
  }

  /** The address space that pictures of so many pixels need, with pixels in memory as given. */
  private static long addressBytesFor(long memoryBytes, long mapBytes, long maxArea) {
    return memoryBytes + mapBytes + PROGRAM_BYTES + CODEC_BYTES_PER_PIXEL * maxArea;
  }

  /** The limits of a child process that may take so long. */
  ChildLimits of(Duration timeout) {
    return new ChildLimits(
        timeout,
        timeout.multipliedBy(threads).plusSeconds(5),
        Math.max(outputBytes, Math.max(mapBytes, diskBytes)),
        addressBytes,
        tempBytes,
        outputBytes);
  }
}
