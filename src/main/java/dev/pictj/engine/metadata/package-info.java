/**
 * Takes metadata out of stored formats without touching a pixel, and checks their structure on the
 * way. Knows {@code media} only.
 */
@NullMarked
package dev.pictj.engine.metadata;

import org.jspecify.annotations.NullMarked;
