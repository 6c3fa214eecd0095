/**
 * Takes metadata out of stored formats without changing a pixel, checks their structure on the way,
 * and reads what files say of their colours, frames and quality.
 */
@NullMarked
package dev.pictj.engine.metadata;

import org.jspecify.annotations.NullMarked;
