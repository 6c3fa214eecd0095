package dev.pictj.ingest.fetch;

import java.nio.file.Path;

/**
 * A body that arrived whole.
 *
 * @param file where it lies, exactly as the remote host sent it
 * @param size its size in bytes, perhaps 0
 */
public record Fetched(Path file, long size) {}
