package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import java.util.Arrays;
import java.util.Optional;

/** The chroma subsampling of a JPEG: how many pixels share a chroma sample (ITU-T T.81, A.1.1). */
enum ChromaSampling {
  /** No subsampling, each pixel has its own: 4:4:4. */
  WHOLE(0, 1, 1),
  /** Two pixels side by side share a sample: 4:2:2. */
  HALF_ACROSS(1, 2, 1),
  /** A square of four pixels shares a sample: 4:2:0. */
  QUARTER(2, 2, 2),
  /** There is no chroma. */
  GREY(3, 1, 1),
  /** Two pixels above each other share a sample: 4:4:0. */
  HALF_DOWN(4, 1, 2);

  /** The number that TurboJPEG has for it ({@code enum TJSAMP}). */
  final int code;

  /** Pixels side by side that share a chroma sample. */
  final int columns;

  /** Pixels above each other that share a chroma sample. */
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

  /** The size of a plane of a picture: of luma, which is the first, or of chroma. */
  Dimensions plane(int index, Dimensions picture) {
    return index == 0
        ? picture
        : new Dimensions(
            Math.ceilDiv(picture.width(), columns), Math.ceilDiv(picture.height(), rows));
  }

  /** The size up to which encoders and decoders go: whole chroma samples. */
  Dimensions padded(int index, Dimensions picture) {
    Dimensions plane = plane(1, picture);
    return index == 0 ? new Dimensions(plane.width() * columns, plane.height() * rows) : plane;
  }

  /**
   * The subsampling that the sampling factors of a frame header describe.
   *
   * @param across luma samples side by side for one chroma sample
   * @param down luma samples above each other for one chroma sample
   * @return empty where it is none of these
   */
  static Optional<ChromaSampling> of(int across, int down) {
    return Arrays.stream(values())
        .filter(one -> one != GREY && one.columns == across && one.rows == down)
        .findFirst();
  }
}
