/**
 * The settings. Each is declared once, in {@link dev.pictj.config.SettingsCatalogue}, with its
 * section, names, parser, range, default and help, and read with {@link
 * dev.pictj.config.Settings#get} where it is needed. They come from the command line, the
 * environment and a TOML file. Knows formats and blocks of addresses, and nobody else.
 */
@NullMarked
package dev.pictj.config;

import org.jspecify.annotations.NullMarked;
