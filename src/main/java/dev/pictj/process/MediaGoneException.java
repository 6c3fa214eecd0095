package dev.pictj.process;

/** The media was deleted while a variant of it was being made. */
public final class MediaGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception for a media that was there when its variant was asked for. */
  public MediaGoneException() {
    super("the media was deleted meanwhile");
  }
}
