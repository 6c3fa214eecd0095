package dev.pictj.media;

import java.io.IOException;

/**
 * The part of a picture that is to be seen, in pixels (ISO/IEC 14496-12, 12.1.4.2).
 *
 * @param left distance from the left edge of the picture
 * @param top distance from its upper edge
 */
public record CleanAperture(double width, double height, double left, double top) {
  /** Bytes of the payload of its box. */
  public static final int LENGTH = 32;

  /**
   * Reads a clean aperture.
   *
   * @param at where the payload of its box begins
   * @param picture that is cut
   */
  public static CleanAperture of(ByteSource in, long at, Dimensions picture)
      throws IOException, MediaException {
    double width = fraction(in, at);
    double height = fraction(in, at + 8);
    return new CleanAperture(
        width,
        height,
        (picture.width() - width) / 2 + fraction(in, at + 16),
        (picture.height() - height) / 2 + fraction(in, at + 24));
  }

  private static double fraction(ByteSource in, long at) throws IOException, MediaException {
    return (int) in.u32(at) / (double) (int) in.u32(at + 4);
  }

  /** Whether it is of whole pixels, all of them within the picture. */
  public boolean isWithin(Dimensions picture) {
    return width == Math.rint(width)
        && height == Math.rint(height)
        && left == Math.rint(left)
        && top == Math.rint(top)
        && width >= 1
        && height >= 1
        && left >= 0
        && top >= 0
        && left + width <= picture.width()
        && top + height <= picture.height();
  }

  /** Whether it begins in the upper left corner of the picture. Browsers pass over others. */
  public boolean beginsInCorner() {
    return left == 0 && top == 0;
  }

  /** Size of the part. */
  public Dimensions size() {
    return new Dimensions((int) width, (int) height);
  }
}
