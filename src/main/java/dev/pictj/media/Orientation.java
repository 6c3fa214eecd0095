package dev.pictj.media;

/**
 * How stored pixels must be turned to be seen upright: the values 1 to 8 of EXIF tag 0x0112 (CIPA
 * DC-008, 4.6.4).
 */
public enum Orientation {
  UPRIGHT,
  MIRRORED,
  HALF_TURN,
  FLIPPED,
  TRANSPOSED,
  QUARTER_TURN,
  TRANSVERSED,
  THREE_QUARTER_TURN;

  /**
   * The orientation with this tag value.
   *
   * @param value a tag value; anything outside 1 to 8 means {@link #UPRIGHT}, as viewers take it
   */
  public static Orientation ofTag(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  /** Whether turning exchanges width and height. */
  public boolean swapsSides() {
    return ordinal() >= TRANSPOSED.ordinal();
  }

  /** The size a picture of these stored dimensions has when upright. */
  public Dimensions upright(Dimensions stored) {
    return swapsSides() ? stored.turned() : stored;
  }
}
