package dev.pictj.engine.metadata;

/** How many coded pixels may be gone through for one file, which may hold many frames. */
final class PixelBudget {
  private static final long MOST_PIXELS = 1L << 31;

  private long left = MOST_PIXELS;

  /** There are more of them. */
  static final class SpentException extends Exception {
    private static final long serialVersionUID = 1L;

    SpentException() {
      super("too many pixels");
    }
  }

  void take(long pixels) throws SpentException {
    left -= pixels;
    if (left < 0) {
      throw new SpentException();
    }
  }
}
