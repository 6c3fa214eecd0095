/**
 * What a picture is: its type, size and limits. Reads headers, never pixels, and knows no other
 * package.
 */
package dev.pictj.media;
