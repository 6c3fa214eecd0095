/**
 * What is told of a picture by a tiny copy of it. One decode, which an engine does in its limited
 * process, serves all that is told.
 */
@NullMarked
package dev.pictj.engine.preview;

import org.jspecify.annotations.NullMarked;
