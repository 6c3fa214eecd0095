package dev.pictj.ingest.fetch;

import dev.pictj.catalog.ProxiedUrls.Origin;
import java.util.Optional;

/**
 * What a remote host answered.
 *
 * @param size of the body, which is in the target; empty where the host says that what is known is
 *     still right (304), and then there is no file
 * @param origin what it says of the bytes
 */
public record Fetched(Optional<Long> size, Origin origin) {}
