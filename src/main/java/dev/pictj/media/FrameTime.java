package dev.pictj.media;

/**
 * How long a frame is shown. Browsers show a frame of 10 milliseconds or less for 100, in every
 * format: such times are from the days when computers were slow and meant "as fast as possible".
 */
public final class FrameTime {
  private static final int MAX_IGNORED_MILLIS = 10;
  private static final int DEFAULT_MILLIS = 100;

  private FrameTime() {}

  /** Milliseconds that a frame is shown of which the file says so many. */
  public static int shown(int milliseconds) {
    return milliseconds <= MAX_IGNORED_MILLIS ? DEFAULT_MILLIS : milliseconds;
  }
}
