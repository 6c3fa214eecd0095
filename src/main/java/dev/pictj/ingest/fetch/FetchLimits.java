package dev.pictj.ingest.fetch;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import java.time.Duration;
import java.util.Objects;

/**
 * What one fetch may take, and how many there may be.
 *
 * @param maxBytes the largest body in bytes, at least 1; a body of exactly this size is fine
 * @param connectTimeout the longest wait for the name lookup, and for each connection
 * @param totalTimeout the longest time for everything: lookups, redirects and the last byte
 * @param maxRedirects how many redirects are followed; 0 follows none
 * @param maxFetches how many may run at a time, at least 1; more are refused, none waits
 * @param allowPrivate whether addresses outside the public internet may be connected to
 */
public record FetchLimits(
    long maxBytes,
    Duration connectTimeout,
    Duration totalTimeout,
    int maxRedirects,
    int maxFetches,
    boolean allowPrivate) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public FetchLimits {
    Objects.requireNonNull(connectTimeout);
    Objects.requireNonNull(totalTimeout);
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be at least 1");
    }
    if (connectTimeout.toMillis() < 1 || totalTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeouts must be at least one millisecond");
    }
    if (maxRedirects < 0) {
      throw new IllegalArgumentException("maxRedirects must not be negative");
    }
    if (maxFetches < 1) {
      throw new IllegalArgumentException("maxFetches must be at least 1");
    }
  }

  /** The limits that an administrator has set. */
  public static FetchLimits of(Settings settings) {
    return new FetchLimits(
        settings.get(SettingsCatalogue.MAX_FILE_SIZE),
        settings.get(SettingsCatalogue.DOWNLOAD_CONNECT_TIMEOUT),
        settings.get(SettingsCatalogue.DOWNLOAD_TIMEOUT),
        settings.get(SettingsCatalogue.DOWNLOAD_MAX_REDIRECTS),
        settings.get(SettingsCatalogue.MAX_DOWNLOADS),
        settings.get(SettingsCatalogue.DOWNLOAD_ALLOW_PRIVATE));
  }
}
