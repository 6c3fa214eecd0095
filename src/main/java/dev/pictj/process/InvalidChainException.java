package dev.pictj.process;

/** A known operation has a value it cannot have. The message is for the client. */
public final class InvalidChainException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes an exception that names the operation, its value and the bound. */
  public InvalidChainException(String message) {
    super(message);
  }
}
