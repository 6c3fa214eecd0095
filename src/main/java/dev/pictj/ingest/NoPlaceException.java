package dev.pictj.ingest;

import java.time.Duration;
import java.util.Objects;

/**
 * There is no place for uploads in the background; the message names the limit and is fit for the
 * client.
 */
public final class NoPlaceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why there is none. */
  public enum Reason {
    /** Others have the places, or he who asks has his part of them; there will be some again. */
    TAKEN,
    /** So many never fit. */
    TOO_MANY,
    /** So many bytes never fit. */
    TOO_LARGE
  }

  private final Reason reason;

  /** None for this reason; the message is for the client. */
  public NoPlaceException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why there is none. */
  public Reason reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** When a client may sensibly come back, where places are taken. */
  public Duration retryAfter() {
    return Duration.ofSeconds(10);
  }
}
