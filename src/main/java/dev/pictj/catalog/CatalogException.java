package dev.pictj.catalog;

import org.jspecify.annotations.Nullable;

/** The database failed. The message is for the log or, when opening, for the administrator. */
public class CatalogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure in words. */
  public CatalogException(@Nullable String message) {
    super(message);
  }

  /** A failure and what led to it. */
  public CatalogException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
