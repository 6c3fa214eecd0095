package dev.pictj.ingest;

import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import java.util.Optional;

/**
 * What an administrator decides about uploads.
 *
 * @param limits of what is taken
 * @param format what every still is converted to, if anything
 * @param parallel how many files of one request are worked on at a time
 */
public record IngestRules(Limits limits, Optional<MediaType> format, int parallel) {}
