package dev.pictj.engine;

import java.time.Duration;

/**
 * More image work is waiting than may wait. Answered with 503; not a fault of the picture or of the
 * engine.
 */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * Refuses work for now.
   *
   * @param retryAfter when a client may sensibly come back
   */
  public OverloadedException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** When a client may sensibly come back. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
