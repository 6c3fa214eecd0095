/**
 * Still pictures and animated WebP by ImageMagick's command line, version 6 or 7, under a policy of
 * our own.
 */
@NullMarked
package dev.pictj.engine.magick;

import org.jspecify.annotations.NullMarked;
