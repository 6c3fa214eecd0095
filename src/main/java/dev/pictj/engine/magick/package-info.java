/**
 * Stills, and the animations that ImageMagick decodes and encodes, by its command line of version 6
 * or 7, under a policy of our own.
 */
@NullMarked
package dev.pictj.engine.magick;

import org.jspecify.annotations.NullMarked;
