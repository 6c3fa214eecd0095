package dev.pictj.adopt;

/**
 * What tells bytes from others.
 *
 * @param sha256 in hexadecimal digits
 * @param size how many they are
 */
public record Content(String sha256, long size) {}
