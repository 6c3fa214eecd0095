package dev.pictj.media;

/**
 * How stored pixels must be turned to be seen upright: the values 1 to 8 of EXIF tag 0x0112 (CIPA
 * DC-008, 4.6.4).
 */
public enum Orientation {
  UPRIGHT(1, false),
  MIRRORED(2, false),
  HALF_TURN(3, false),
  FLIPPED(4, false),
  TRANSPOSED(5, true),
  QUARTER_TURN(6, true),
  TRANSVERSED(7, true),
  THREE_QUARTER_TURN(8, true);

  private final int tag;
  private final boolean swapsSides;

  Orientation(int tag, boolean swapsSides) {
    this.tag = tag;
    this.swapsSides = swapsSides;
  }

  /**
   * The orientation with this tag value.
   *
   * @param value a tag value; anything outside 1 to 8 means {@link #UPRIGHT}, as viewers take it
   */
  public static Orientation ofTag(int value) {
    for (Orientation orientation : values()) {
      if (orientation.tag == value) {
        return orientation;
      }
    }
    return UPRIGHT;
  }

  /** Whether turning exchanges width and height. */
  public boolean swapsSides() {
    return swapsSides;
  }

  /** The size a picture of these stored dimensions has when upright. */
  public Dimensions upright(Dimensions stored) {
    return swapsSides ? stored.turned() : stored;
  }
}
