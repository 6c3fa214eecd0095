package dev.pictj.adopt;

/**
 * The identity of a file's bytes.
 *
 * @param sha256 in hexadecimal digits
 * @param size how many they are
 */
public record Content(String sha256, long size) {}
