package dev.pictj.store;

import java.io.IOException;

/**
 * Nothing can be added for want of disk space, when what is stored can still be read and deleted,
 * or for another reason that a subclass stands for.
 */
public class StoreReadOnlyException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception that says what is missing, for the log. */
  public StoreReadOnlyException(String message) {
    super(message);
  }
}
