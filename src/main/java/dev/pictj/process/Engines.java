package dev.pictj.process;

import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.VideoEngine;
import dev.pictj.media.VerifiedBy;
import java.util.Set;

/**
 * Who renders what.
 *
 * @param images what is verified
 * @param trusted by whom it must have been
 * @param unverified all else: trusted imports and frames of videos
 * @param videos the frames of videos
 */
public record Engines(
    ImageEngine images, Set<VerifiedBy> trusted, ImageEngine unverified, VideoEngine videos) {}
