package dev.pictj.engine;

/** The work was called off because its caller has gone, so there is no reply. */
public final class CallerGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception without details, for nobody reads them. */
  public CallerGoneException() {
    super("the client has gone");
  }
}
