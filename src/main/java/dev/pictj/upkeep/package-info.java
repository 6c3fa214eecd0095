/**
 * What keeps the data folder in order: the removal of deleted bytes, the sweep of files that no row
 * names, the retention of variants, backups and exports, and the consistency check.
 */
@NullMarked
package dev.pictj.upkeep;

import org.jspecify.annotations.NullMarked;
