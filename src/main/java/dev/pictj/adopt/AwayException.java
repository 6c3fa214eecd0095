package dev.pictj.adopt;

import java.io.IOException;

/** A server did not answer, or was busy, at each of the allowed attempts. */
final class AwayException extends IOException {
  private static final long serialVersionUID = 1L;

  AwayException(String message, Throwable cause) {
    super(message, cause);
  }

  AwayException(String message) {
    super(message);
  }
}
