/** What keeps the data folder in order: recovery at start, and the removal of deleted bytes. */
package dev.pictj.upkeep;
