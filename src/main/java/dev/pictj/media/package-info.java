/**
 * What a media is: its format, size, frames and limits. Reads headers, never pixels, and knows no
 * other package.
 */
@NullMarked
package dev.pictj.media;

import org.jspecify.annotations.NullMarked;
