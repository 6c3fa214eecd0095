package dev.pictj.engine.metadata;

/**
 * How a lossless removal went.
 *
 * @param sound false when the picture can be read but its file is odd (no end marker, a wrong
 *     checksum in an optional chunk): write it anew before it is stored
 */
public record Stripped(boolean sound) {}
