package dev.pictj.engine.metadata;

/**
 * How a lossless removal went.
 *
 * @param sound false when the picture can be read but its file is odd (no end marker, pixels with a
 *     wrong checksum): what was written of it must not be stored
 */
public record Stripped(boolean sound) {}
