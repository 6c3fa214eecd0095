package dev.pictj.engine.magick;

/**
 * What one ImageMagick process may use. Beyond {@code memoryBytes} pixels go to mapped files, then
 * to plain files, and beyond those the run fails.
 *
 * @param memoryBytes heap for pixels
 * @param mapBytes memory-mapped files for pixels
 * @param diskBytes plain files for pixels; the largest output file too
 * @param threads of one process
 */
public record MagickLimits(long memoryBytes, long mapBytes, long diskBytes, int threads) {
  private static final long MIB = 1L << 20;

  /** Refuses limits that allow nothing. */
  public MagickLimits {
    if (memoryBytes < 1 || mapBytes < 0 || diskBytes < 1 || threads < 1) {
      throw new IllegalArgumentException("limits of ImageMagick must be positive");
    }
  }

  /**
   * 768 MiB of memory, 512 MiB mapped, 1 GiB on disk, one thread. Turning or filtering 40
   * megapixels at 8 bytes each holds 640 MB, and mapped files are far slower.
   */
  public static MagickLimits defaults() {
    return new MagickLimits(768 * MIB, 512 * MIB, 1024 * MIB, 1);
  }
}
