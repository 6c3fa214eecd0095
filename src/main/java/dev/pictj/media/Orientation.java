package dev.pictj.media;

import java.util.Arrays;
import java.util.Optional;

/**
 * How stored pixels must be turned to be seen upright: the values 1 to 8 of EXIF tag 0x0112 (CIPA
 * DC-008, 4.6.4).
 */
public enum Orientation {
  UPRIGHT(1, 1, 0, 0, 1),
  MIRRORED(2, -1, 0, 0, 1),
  HALF_TURN(3, -1, 0, 0, -1),
  FLIPPED(4, 1, 0, 0, -1),
  TRANSPOSED(5, 0, 1, 1, 0),
  QUARTER_TURN(6, 0, 1, -1, 0),
  TRANSVERSED(7, 0, -1, -1, 0),
  THREE_QUARTER_TURN(8, 0, -1, 1, 0);

  private static final int[][] TURNED_AND_MIRRORED = {{1, 8, 3, 6}, {4, 5, 2, 7}, {2, 7, 4, 5}};

  private final int tag;
  private final int a;
  private final int b;
  private final int c;
  private final int d;

  /** The matrix takes x and y to {@code a*x + c*y} and {@code b*x + d*y}, y pointing down. */
  Orientation(int tag, int a, int b, int c, int d) {
    this.tag = tag;
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
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

  /**
   * The orientation that a picture of a HEIF asks for, which is turned before it is mirrored
   * (ISO/IEC 23000-22, 7.3.6.7).
   *
   * @param quarters of a turn to the left
   * @param mirror 0 where top and bottom change places, 1 where left and right do; else -1
   */
  static Orientation ofHeif(int quarters, int mirror) {
    return ofTag(TURNED_AND_MIRRORED[mirror + 1][quarters]);
  }

  /**
   * The orientation that a matrix asks for, whatever else it moves or scales (ISO/IEC 14496-12,
   * 6.2.2, whose names these are).
   *
   * @return empty when it is no turn by right angles
   */
  static Optional<Orientation> ofMatrix(double a, double b, double c, double d) {
    double x = Math.hypot(a, b);
    double y = Math.hypot(c, d);
    return Arrays.stream(values())
        .filter(it -> it.a == Math.round(a / x) && it.b == Math.round(b / x))
        .filter(it -> it.c == Math.round(c / y) && it.d == Math.round(d / y))
        .findFirst();
  }

  /** Whether turning exchanges width and height. */
  public boolean swapsSides() {
    return a == 0;
  }

  /** The size a picture of these stored dimensions has when upright. */
  public Dimensions upright(Dimensions stored) {
    return swapsSides() ? stored.turned() : stored;
  }
}
