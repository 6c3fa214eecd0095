package dev.pictj.engine.metadata;

/** Coded pixels that end early or make no sense; whether they can be shown is for a decoder. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message);
  }
}
