package dev.pictj.engine.vips;

import org.jspecify.annotations.Nullable;

/**
 * libvips could not do what it was asked for. Only the log tells of it: the reference engine tries
 * it too, and its word counts.
 */
public final class VipsException extends Exception {
  private static final long serialVersionUID = 1L;

  public VipsException(@Nullable String message) {
    super(message);
  }

  public VipsException(@Nullable String message, Throwable cause) {
    super(message, cause);
  }
}
