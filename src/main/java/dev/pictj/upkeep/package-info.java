/** What keeps the data folder in order: recovery at start, and the removal of deleted bytes. */
@NullMarked
package dev.pictj.upkeep;

import org.jspecify.annotations.NullMarked;
