package dev.pictj.engine;

/**
 * The engine itself failed, not the picture: a tool is gone, a disk is full. The message is for the
 * log.
 */
public final class EngineException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A failure with its message for the log. */
  public EngineException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
