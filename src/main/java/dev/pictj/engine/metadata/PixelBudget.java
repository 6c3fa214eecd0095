package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;

/** How many coded pixels may be gone through for one file, which may hold many frames. */
final class PixelBudget {
  private static final long MAX_PIXELS = 1L << 31;

  private long left = MAX_PIXELS;

  void take(long pixels) throws MediaException {
    left -= pixels;
    if (left < 0) {
      throw new MediaException(
          Reason.TOO_EXPENSIVE, "Reading this image takes more time than allowed");
    }
  }
}
