package dev.pictj.catalog;

import org.jspecify.annotations.Nullable;

/**
 * The database does not work now and is being opened again. A write that ends with this may have
 * been done or not; asked again in a moment it will most likely work.
 */
public final class CatalogUnavailableException extends CatalogException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message and its cause, which may be null. */
  public CatalogUnavailableException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
