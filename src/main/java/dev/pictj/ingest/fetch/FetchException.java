package dev.pictj.ingest.fetch;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fetch that came to nothing. The message is fit for the client: it holds no address, no path and
 * no text the remote host wrote. The cause, where there is one, is for the log only.
 */
public final class FetchException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kinds of failures. */
  public enum Reason {
    /** The URL cannot be read, or names no host. */
    INVALID_URL,
    /** The scheme, the spelling of the host, or the address behind it is refused. */
    FORBIDDEN,
    /** The remote host cannot be reached, or its answer is broken. */
    BAD_RESPONSE,
    /** The remote host answers with a status that is no success, or with an empty body. */
    BAD_STATUS,
    /** The remote host answers 404, 410 or 451. */
    GONE,
    /** The body is over the size limit, which the message names. */
    TOO_LARGE,
    /** The remote host, or the lookup of its name, was too slow. */
    TIMEOUT,
    /** The maximum number of fetches runs; no other server was asked. */
    BUSY
  }

  private final Reason reason;

  /** A failure without a cause to log. */
  public FetchException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  FetchException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** What kind of failure it was. */
  public Reason reason() {
    return reason;
  }
}
