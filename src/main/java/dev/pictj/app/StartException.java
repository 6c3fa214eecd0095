package dev.pictj.app;

/** The server cannot start; the message tells the administrator why. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
