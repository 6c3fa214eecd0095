package dev.pictj.engine.metadata;

/**
 * How a lossless removal went.
 *
 * @param sound false when the picture can be read but its file is odd (no end marker, pixels with a
 *     wrong checksum): what was written of it must not be stored
 * @param whole false when the file ends before the picture does
 */
public record Stripped(boolean sound, boolean whole) {
  /** The result for a file that is not cut off. */
  Stripped(boolean sound) {
    this(sound, true);
  }
}
