package dev.pictj.media;

import java.util.Objects;

/**
 * A picture that is refused because of what it is. The message is meant for the client: no paths,
 * no internals.
 */
public final class MediaException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why a picture is refused. */
  public enum Reason {
    /** The bytes are none of the accepted types. */
    UNSUPPORTED,
    /** A video, where none are taken. */
    VIDEO_DISABLED,
    /** An accepted type, but damaged beyond reading, or its header lies about its pixels. */
    INVALID,
    /** Wider than the limit. */
    WIDTH,
    /** Higher than the limit. */
    HEIGHT,
    /** More pixels than the limit. */
    AREA,
    /** More frames than the limit. */
    FRAMES,
    /** More bytes than the request allows, or a file of its kind may have. */
    FILE_SIZE,
    /** The file is of a kind that the request does not allow. */
    DISALLOWED,
    /** An administrator has denied it. */
    DENIED,
    /** Reading it took more time, memory or disk than one picture may have. */
    TOO_EXPENSIVE
  }

  private final Reason reason;

  /**
   * Refuses a picture.
   *
   * @param reason the kind of refusal
   * @param message a sentence for the client that names the limit and the value
   */
  public MediaException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Makes an exception that keeps its cause for the log. */
  public MediaException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Refuses a file that is damaged, or whose header is false. */
  public static MediaException invalid(String message) {
    return new MediaException(Reason.INVALID, message);
  }

  /**
   * This exception with the name of the file it is about.
   *
   * @param file the name that the client gave it, fit to be shown
   */
  public MediaException about(String file) {
    return new MediaException(reason, "%s (file \"%s\")".formatted(getMessage(), file), this);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** The kind of refusal. */
  public Reason reason() {
    return reason;
  }
}
