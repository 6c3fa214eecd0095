package dev.pictj.process;

import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.VideoEngine;
import dev.pictj.media.VerifiedBy;
import java.util.Set;

/**
 * The engines that render, by what they may be given.
 *
 * @param images renders media that are verified
 * @param trusted those who must have verified it
 * @param unverified renders all other media: trusted imports, and frames of videos
 * @param videos decodes frames of videos
 */
public record Engines(
    ImageEngine images, Set<VerifiedBy> trusted, ImageEngine unverified, VideoEngine videos) {}
