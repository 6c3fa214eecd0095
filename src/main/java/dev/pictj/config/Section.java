package dev.pictj.config;

/**
 * Settings that belong together.
 *
 * @param table the name of their table in a file; empty when they do not belong into a file
 * @param title the heading of the help
 */
public record Section(String table, String title) {}
