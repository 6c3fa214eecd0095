package dev.pictj.media;

import dev.pictj.media.MediaException.Reason;

/**
 * How large a still, an animation and a video may be.
 *
 * @param stillBytes of a file
 * @param animationBytes of a file
 * @param videoBytes of a file
 */
public record KindLimits(
    Limits still,
    Limits animation,
    Limits video,
    long stillBytes,
    long animationBytes,
    long videoBytes) {
  /** The same limits for every kind, and no limit of the size of files. */
  public static KindLimits all(Limits limits) {
    return new KindLimits(limits, limits, limits, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** The limits that hold for a file, by its header. */
  public Limits of(Probed probed) {
    return isVideo(probed) ? video : isAnimation(probed) ? animation : still;
  }

  private static boolean isVideo(Probed probed) {
    return probed.type().has(MediaType.Trait.VIDEO);
  }

  private static boolean isAnimation(Probed probed) {
    return probed.animated() || probed.type().has(MediaType.Trait.MOVING);
  }

  /**
   * Refuses a file of too many bytes for its kind.
   *
   * @throws MediaException {@code FILE_SIZE}
   */
  public void requireBytes(Probed probed, long bytes) throws MediaException {
    long most = isVideo(probed) ? videoBytes : isAnimation(probed) ? animationBytes : stillBytes;
    if (bytes > most) {
      throw new MediaException(
          Reason.FILE_SIZE,
          "%s of %d bytes is over the limit of %d bytes".formatted(probed.noun(), bytes, most));
    }
  }

  /** The largest limits of all kinds, for a file whose kind is not known yet. */
  public Limits widest() {
    return new Limits(
        Math.max(still.maxWidth(), Math.max(animation.maxWidth(), video.maxWidth())),
        Math.max(still.maxHeight(), Math.max(animation.maxHeight(), video.maxHeight())),
        Math.max(still.maxArea(), Math.max(animation.maxArea(), video.maxArea())),
        Math.max(still.maxFrames(), Math.max(animation.maxFrames(), video.maxFrames())));
  }
}
