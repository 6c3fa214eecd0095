package dev.pictj.ingest;

import java.time.Duration;

/** The spool has no room for more unfinished uploads. Answered with 503; not the client's fault. */
public final class SpoolFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Refuses bytes over a limit.
   *
   * @param limit of all that is on its way in, in bytes
   */
  public SpoolFullException(long limit) {
    super("unfinished uploads and downloads have reached " + limit + " bytes");
  }

  /** When a client may sensibly come back. */
  public Duration retryAfter() {
    return Duration.ofSeconds(5);
  }
}
