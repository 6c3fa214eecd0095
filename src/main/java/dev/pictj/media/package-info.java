/**
 * What a picture is: its type, size and limits. Reads headers, never pixels, and knows no other
 * package.
 */
@NullMarked
package dev.pictj.media;

import org.jspecify.annotations.NullMarked;
