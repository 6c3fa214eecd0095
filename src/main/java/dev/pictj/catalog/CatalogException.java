package dev.pictj.catalog;

import org.jspecify.annotations.Nullable;

/** The database failed. The message is for the log or, when opening, for the administrator. */
public class CatalogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message. */
  public CatalogException(@Nullable String message) {
    super(message);
  }

  /** Makes an exception with a message and its cause. */
  public CatalogException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
