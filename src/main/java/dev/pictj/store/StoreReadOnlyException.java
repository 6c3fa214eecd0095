package dev.pictj.store;

import java.io.IOException;

/** Nothing can be added for want of disk space. What is stored can still be read and deleted. */
public final class StoreReadOnlyException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says how much is free and how much must be, for the log. */
  public StoreReadOnlyException(String message) {
    super(message);
  }
}
