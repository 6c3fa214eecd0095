package dev.pictj.media;

import java.time.Instant;

/**
 * What is told about a stored picture.
 *
 * @param dimensions as shown, orientation applied
 * @param type of the stored bytes
 * @param frames 1 for a still
 * @param createdAt when the bytes were first stored
 */
public record Details(Dimensions dimensions, MediaType type, int frames, Instant createdAt) {}
