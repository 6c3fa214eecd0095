package dev.pictj.store;

/** Nothing can be added, because folders of the store are gone or have been replaced. */
public final class StoreGoneException extends StoreReadOnlyException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception that names the folder, for the log. */
  public StoreGoneException(String message) {
    super(message);
  }
}
