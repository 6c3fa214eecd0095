package dev.pictj.ingest;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file that the administrator's own server did not accept. The message is fit for the client. */
public final class ValidationException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why it was not accepted. */
  public enum Reason {
    /** The server refused the file. */
    REFUSED,
    /** The server could not be asked. */
    UNREACHABLE,
    /** The server took too long. */
    TIMEOUT
  }

  private final Reason reason;

  /** Not accepted for this reason; the message is for the client. */
  public ValidationException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** Why it was not accepted. */
  public Reason reason() {
    return reason;
  }
}
