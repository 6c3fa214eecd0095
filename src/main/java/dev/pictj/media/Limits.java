package dev.pictj.media;

import dev.pictj.media.MediaException.Reason;

/**
 * How large a picture may be. Judged on the header before anything decodes, and again on what was
 * decoded.
 *
 * @param maxWidth pixels
 * @param maxHeight pixels
 * @param maxArea pixels of one frame
 * @param maxFrames frames of an animation or a video
 */
public record Limits(int maxWidth, int maxHeight, long maxArea, int maxFrames) {
  /**
   * Refuses a picture over a limit.
   *
   * @throws MediaException with the reason of the first limit exceeded, in the order width, height,
   *     area, frames
   */
  public void check(Dimensions dimensions, int frames) throws MediaException {
    check("Image", dimensions, frames);
  }

  /**
   * Refuses a media over a limit, whether it is a still, an animation or a video.
   *
   * @param header tells what it is
   * @throws MediaException with the reason of the first limit exceeded
   */
  public void check(Probed header, Dimensions dimensions, int frames) throws MediaException {
    check(header.noun(), dimensions, frames);
  }

  private void check(String noun, Dimensions dimensions, int frames) throws MediaException {
    if (dimensions.width() > maxWidth) {
      throw over(
          noun,
          Reason.WIDTH,
          "is %d pixels wide".formatted(dimensions.width()),
          maxWidth + " pixels");
    }
    if (dimensions.height() > maxHeight) {
      throw over(
          noun,
          Reason.HEIGHT,
          "is %d pixels high".formatted(dimensions.height()),
          maxHeight + " pixels");
    }
    if (dimensions.area() > maxArea) {
      throw over(
          noun,
          Reason.AREA,
          "has %s (%dx%d)"
              .formatted(
                  Quantity.pixels(dimensions.area(), maxArea),
                  dimensions.width(),
                  dimensions.height()),
          Quantity.pixels(maxArea, dimensions.area()));
    }
    if (frames > maxFrames) {
      throw over(noun, Reason.FRAMES, "has %d frames".formatted(frames), maxFrames + " frames");
    }
  }

  /** The largest size of the same shape that is within the limits; no side becomes 0. */
  public Dimensions fit(Dimensions from) {
    double scale =
        Math.min(
            Math.min(1, Math.sqrt((double) maxArea / from.area())),
            Math.min((double) maxWidth / from.width(), (double) maxHeight / from.height()));
    int width = Math.max(1, Math.min(maxWidth, (int) Math.round(from.width() * scale)));
    int height = Math.max(1, Math.min(maxHeight, (int) Math.round(from.height() * scale)));
    if ((long) width * height > maxArea) {
      // Both were rounded up, or one is so narrow that it cannot shrink.
      width = (int) Math.max(1, Math.min(width, maxArea / height));
      height = (int) Math.max(1, Math.min(height, maxArea / width));
    }
    return new Dimensions(width, height);
  }

  /** The longest side any accepted picture can have. */
  public int maxSide() {
    return Math.max(maxWidth, maxHeight);
  }

  private static MediaException over(String noun, Reason reason, String what, String limit) {
    return new MediaException(reason, "%s %s, over the limit of %s".formatted(noun, what, limit));
  }
}
