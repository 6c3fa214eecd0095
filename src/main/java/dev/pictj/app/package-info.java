/**
 * The composition root: builds every component in order, closes them in reverse, and finds the
 * tools. Nobody but {@code cli} and the entry point uses it.
 */
@NullMarked
package dev.pictj.app;

import org.jspecify.annotations.NullMarked;
