package dev.pictj.media;

import java.util.Optional;

/**
 * The video track of a movie, and what the movie's boxes say of its geometry and its colours
 * (ISO/IEC 14496-12; QuickTime File Format). Shown are the pixels of the aperture, scaled to square
 * ones, and then turned.
 *
 * @param id the number of the track, which ffmpeg knows as the stream's id
 * @param coded the size of the pictures as the sample entry tells it, which a decoder is asked to
 *     hold; the bitstream may say otherwise
 * @param aperture the part of them that is shown (box {@code clap}), or all
 * @param pixelAspect how wide a pixel is for its height; empty where the boxes do not say, which
 *     leaves it to the bitstream and makes it 1 where that does not say either
 * @param orientation from the track's matrix ({@code tkhd}) and the movie's ({@code mvhd}); those
 *     that are no turns by right angles count as upright, as browsers have it
 * @param colours what box {@code colr} says, of the kinds {@code nclx} and {@code nclc}
 * @param alpha whether there is transparency beside the pictures, as in WebM
 */
public record VideoTrack(
    long id,
    Dimensions coded,
    Aperture aperture,
    Optional<Ratio> pixelAspect,
    Orientation orientation,
    Optional<Colours> colours,
    boolean alpha) {
  /** A track without alpha. */
  public VideoTrack(
      long id,
      Dimensions coded,
      Aperture aperture,
      Optional<Ratio> pixelAspect,
      Orientation orientation,
      Optional<Colours> colours) {
    this(id, coded, aperture, pixelAspect, orientation, colours, false);
  }

  /** The rectangle of this size whose upper left corner is at x, y. */
  public record Aperture(Dimensions size, int x, int y) {}

  /**
   * A colour space by code points of ITU-T H.273, in which 2 stands for unspecified.
   *
   * @param fullRange whether samples take the whole range; false where only {@code nclx} could say
   */
  public record Colours(int primaries, int transfer, int matrix, boolean fullRange) {}

  /**
   * A fraction.
   *
   * @param numerator at least 1
   * @param denominator at least 1
   */
  public record Ratio(long numerator, long denominator) {
    double value() {
      return (double) numerator / denominator;
    }
  }

  /**
   * The size in square pixels, not yet turned. The side that is too short grows and the other one
   * stays, as in browsers, so that no detail is lost: 720×576 with pixels of 64:45 is 1024×576,
   * 720×480 with pixels of 8:9 is 720×540.
   */
  public Dimensions square() {
    Dimensions size = aperture.size();
    double aspect = pixelAspect.map(Ratio::value).orElse(1.0);
    return aspect >= 1
        ? new Dimensions(grown(size.width() * aspect), size.height())
        : new Dimensions(size.width(), grown(size.height() / aspect));
  }

  private static int grown(double side) {
    // A side that an int cannot hold is over every limit.
    return (int) Math.round(Math.min(side, Integer.MAX_VALUE));
  }
}
