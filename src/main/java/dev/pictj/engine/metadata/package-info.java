/**
 * Takes metadata out of stored formats without touching a pixel, and checks their structure on the
 * way. Knows {@code media} only.
 */
package dev.pictj.engine.metadata;
