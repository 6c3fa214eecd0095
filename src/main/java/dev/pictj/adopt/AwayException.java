package dev.pictj.adopt;

import java.io.IOException;

/** A server was asked as often as may be, and did not answer, or was always busy. */
final class AwayException extends IOException {
  private static final long serialVersionUID = 1L;

  AwayException(String message, Throwable cause) {
    super(message, cause);
  }

  AwayException(String message) {
    super(message);
  }
}
