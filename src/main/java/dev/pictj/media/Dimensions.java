package dev.pictj.media;

/**
 * The size of a picture in pixels.
 *
 * @param width at least 1
 * @param height at least 1
 */
public record Dimensions(int width, int height) {
  /** Refuses sides below 1. */
  public Dimensions {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("no picture measures " + width + "x" + height);
    }
  }

  /** Pixels in all; cannot overflow. */
  public long area() {
    return (long) width * height;
  }

  /** Width and height exchanged. */
  public Dimensions turned() {
    return new Dimensions(/* width= */ height, /* height= */ width);
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
