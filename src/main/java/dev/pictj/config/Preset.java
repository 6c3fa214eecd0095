package dev.pictj.config;

/**
 * Operations with a name.
 *
 * @param name letters, digits, dashes and underscores
 * @param operations a query, not yet read
 */
public record Preset(String name, String operations) {}
