package dev.pictj.catalog;

/**
 * How much a catalog holds.
 *
 * @param variants with those of deleted media that are not cleared yet
 * @param originalBytes size of all originals
 * @param variantBytes size of those variants
 */
public record Totals(
    long aliases, long media, long variants, long originalBytes, long variantBytes) {}
