package dev.pictj.media;

import java.util.Optional;

/**
 * What the header of a file says about it. Nothing of it is trusted until a decoder has seen the
 * pixels.
 *
 * @param type by the bytes, never by a name
 * @param dimensions the largest area a decoder will be asked to hold: for animations the canvas
 *     together with every frame's rectangle; of a video in square pixels, see {@link VideoTrack}
 * @param frames how many pictures follow one another, 1 for a still
 * @param orientation from EXIF or a video's matrix, {@link Orientation#UPRIGHT} where there is none
 * @param cmyk whether the pixels are CMYK or YCCK (JPEG only)
 * @param progressive whether the pixels come in several scans (JPEG only), which takes more time
 *     and memory
 * @param video which track of a movie counts (MP4 and QuickTime only)
 */
public record Probed(
    MediaType type,
    Dimensions dimensions,
    int frames,
    Orientation orientation,
    boolean cmyk,
    boolean progressive,
    Optional<VideoTrack> video) {
  /** No movie. */
  public Probed(
      MediaType type,
      Dimensions dimensions,
      int frames,
      Orientation orientation,
      boolean cmyk,
      boolean progressive) {
    this(type, dimensions, frames, orientation, cmyk, progressive, Optional.empty());
  }

  /** One that is not progressive. */
  public Probed(
      MediaType type, Dimensions dimensions, int frames, Orientation orientation, boolean cmyk) {
    this(type, dimensions, frames, orientation, cmyk, false);
  }

  /** The same, whose pixels need not be turned. */
  public Probed upright() {
    return new Probed(type, dimensions, frames, Orientation.UPRIGHT, cmyk, progressive, video);
  }

  /** The same, by another name. */
  public Probed as(MediaType other) {
    return new Probed(other, dimensions, frames, orientation, cmyk, progressive, video);
  }

  /** More than one frame. */
  public boolean animated() {
    return frames > 1;
  }
}
