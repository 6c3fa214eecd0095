package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import java.util.Arrays;
import java.util.Optional;

/** For how many pixels a JPEG has one number of colour (ITU-T T.81, A.1.1). */
enum ChromaSampling {
  /** For each one: 4:4:4. */
  WHOLE(0, 1, 1),
  /** For two beside each other: 4:2:2. */
  HALF_ACROSS(1, 2, 1),
  /** For a square of four: 4:2:0. */
  QUARTER(2, 2, 2),
  /** There is no colour. */
  GREY(3, 1, 1),
  /** For two above each other: 4:4:0. */
  HALF_DOWN(4, 1, 2);

  /** The number that TurboJPEG has for it ({@code enum TJSAMP}). */
  final int code;

  /** Pixels beside each other that share a number of colour. */
  final int columns;

  /** The same above each other. */
  final int rows;

  ChromaSampling(int code, int columns, int rows) {
    this.code = code;
    this.columns = columns;
    this.rows = rows;
  }

  /** How many planes there are. */
  int planes() {
    return this == GREY ? 1 : 3;
  }

  /** The size of a plane of a picture: of brightness, which is the first, or of colour. */
  Dimensions plane(int index, Dimensions picture) {
    return index == 0
        ? picture
        : new Dimensions(
            Math.ceilDiv(picture.width(), columns), Math.ceilDiv(picture.height(), rows));
  }

  /** The size up to which coders go, to whole numbers of colour. */
  Dimensions padded(int index, Dimensions picture) {
    Dimensions plane = plane(1, picture);
    return index == 0 ? new Dimensions(plane.width() * columns, plane.height() * rows) : plane;
  }

  /**
   * What the frame header of a JPEG stands for.
   *
   * @param across of the samples of brightness beside each other for one of colour
   * @param down the same above each other
   * @return empty where it is none of these
   */
  static Optional<ChromaSampling> of(int across, int down) {
    return Arrays.stream(values())
        .filter(one -> one != GREY && one.columns == across && one.rows == down)
        .findFirst();
  }
}
