package dev.pictj.engine.vips;

import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;

/**
 * All that is to be known to find out whether a picture is sound.
 *
 * @param type of the file: JPEG, PNG or WebP
 * @param stored size of its pixels, as its header has it
 * @param frames 1 for a still
 */
public record Check(MediaType type, Dimensions stored, int frames) {}
