package dev.pictj.catalog;

import dev.pictj.media.Details;

/**
 * A picture made from a media.
 *
 * @param blob the variant part of the blob's name
 * @param hash SHA-256 of its bytes, 64 lower-case hexadecimal digits
 * @param size in bytes
 * @param details what is told about it
 */
public record Variant(String blob, String hash, long size, Details details) {}
