package dev.pictj.engine.vips;

import java.io.IOException;

/** A result has more bytes than it may. */
public final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  public TooLargeException() {
    super("the result has more bytes than allowed");
  }
}
