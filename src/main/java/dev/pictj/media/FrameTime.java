package dev.pictj.media;

/**
 * How long a frame is shown. Of 10 milliseconds or less, which files have had for "as fast as
 * possible" since computers were slow, browsers make 100, in every format.
 */
public final class FrameTime {
  private static final int MAX_IGNORED_MILLIS = 10;
  private static final int DEFAULT_MILLIS = 100;

  private FrameTime() {}

  /** Milliseconds that it is shown, of what the file says. */
  public static int shown(int milliseconds) {
    return milliseconds <= MAX_IGNORED_MILLIS ? DEFAULT_MILLIS : milliseconds;
  }
}
