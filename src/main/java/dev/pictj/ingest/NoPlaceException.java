package dev.pictj.ingest;

import java.time.Duration;
import java.util.Objects;

/**
 * There is no place for uploads in the background; the message names the limit and is fit for the
 * client.
 */
public final class NoPlaceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why there is no place. */
  public enum Reason {
    /** All places are taken, or the client has its share of them; there will be some again. */
    TAKEN,
    /** The uploads are more than there are places. */
    TOO_MANY,
    /** The uploads have more bytes than there is place for. */
    TOO_LARGE
  }

  private final Reason reason;

  /** None for this reason; the message is for the client. */
  public NoPlaceException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why there is no place. */
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
