/**
 * Moves names and pictures from a running pict-rs to a running pictj, over HTTP on both sides. A
 * move that was broken off goes on where it was when it is begun anew: the new server says what it
 * has.
 */
@NullMarked
package dev.pictj.adopt;

import org.jspecify.annotations.NullMarked;
