package dev.pictj.catalog;

import dev.pictj.media.Details;

/**
 * One stored content.
 *
 * @param hash SHA-256 of the stored bytes, 64 lower-case hexadecimal digits
 * @param filename private name of the bytes
 * @param size in bytes
 * @param details what is told about it
 */
public record Media(String hash, String filename, long size, Details details) {}
