package dev.pictj.store;

/** Nothing can be added, because the folders of the store are gone or are others. */
public final class StoreGoneException extends StoreReadOnlyException {
  private static final long serialVersionUID = 1L;

  /** Says which one, for the log. */
  public StoreGoneException(String message) {
    super(message);
  }
}
