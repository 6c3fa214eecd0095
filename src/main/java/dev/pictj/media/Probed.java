package dev.pictj.media;

import java.util.Optional;

/**
 * What the header of a file says. Nothing of it is trusted until a decoder has read the pixels.
 *
 * @param type by the bytes, never by a name
 * @param dimensions of what is seen: of an animation the canvas, of a video in square pixels, see
 *     {@link VideoTrack}
 * @param frames how many pictures follow one another, 1 for a still
 * @param orientation from EXIF or a video's matrix, {@link Orientation#UPRIGHT} where there is none
 * @param cmyk whether the pixels are CMYK or YCCK (JPEG only)
 * @param progressive whether the pixels come in several scans (JPEG only), which takes more time
 *     and memory
 * @param video which track of a movie counts (MP4 and QuickTime only)
 * @param samples what its samples are (AVIF, HEIC and JPEG XL only)
 * @param extent canvas and frames together, where frames exceed the canvas (GIF only)
 */
public record Probed(
    MediaType type,
    Dimensions dimensions,
    int frames,
    Orientation orientation,
    boolean cmyk,
    boolean progressive,
    Optional<VideoTrack> video,
    Optional<Samples> samples,
    Optional<Dimensions> extent) {
  /** A header that says nothing about samples. */
  public Probed(
      MediaType type,
      Dimensions dimensions,
      int frames,
      Orientation orientation,
      boolean cmyk,
      boolean progressive,
      Optional<VideoTrack> video) {
    this(
        type,
        dimensions,
        frames,
        orientation,
        cmyk,
        progressive,
        video,
        Optional.empty(),
        Optional.empty());
  }

  /** A header of a file that is no movie. */
  public Probed(
      MediaType type,
      Dimensions dimensions,
      int frames,
      Orientation orientation,
      boolean cmyk,
      boolean progressive) {
    this(type, dimensions, frames, orientation, cmyk, progressive, Optional.empty());
  }

  /** A header of a file that is not progressive. */
  public Probed(
      MediaType type, Dimensions dimensions, int frames, Orientation orientation, boolean cmyk) {
    this(type, dimensions, frames, orientation, cmyk, false);
  }

  /** The largest area that a decoder is asked to hold. */
  public Dimensions held() {
    Dimensions whole = extent.orElse(dimensions);
    return samples.map(Samples::coded).filter(coded -> coded.area() > whole.area()).orElse(whole);
  }

  /** This header with frames that exceed the canvas. */
  Probed reaching(Dimensions whole) {
    return copy(type, dimensions, frames, orientation, samples, Optional.of(whole));
  }

  /** This header with what its samples are. */
  Probed with(Samples known) {
    return copy(type, dimensions, frames, orientation, Optional.of(known), extent);
  }

  /** This header for pixels that are turned upright already. */
  public Probed upright() {
    return copy(type, dimensions, frames, Orientation.UPRIGHT, samples, extent);
  }

  /**
   * The format that a still is stored in where no other is asked for: its own where that is stored,
   * else one that browsers show, and that holds its depth and its alpha.
   *
   * @param animationsStay whether GIF may be stored
   */
  public MediaType storedAs(boolean animationsStay) {
    if (samples.isEmpty() || type.isStored(animationsStay)) {
      return type.storedAs(animationsStay);
    }
    Samples known = samples.get();
    return known.deep() ? MediaType.AVIF : known.alpha() ? MediaType.WEBP : MediaType.JPEG;
  }

  /** This header with so many frames. */
  public Probed moving(int count) {
    return moving(count, dimensions);
  }

  /** This header with so many frames, which are seen in this size. */
  Probed moving(int count, Dimensions seen) {
    return copy(type, seen, count, orientation, samples, extent);
  }

  /** This header with another format. */
  public Probed as(MediaType other) {
    return copy(other, dimensions, frames, orientation, samples, extent);
  }

  private Probed copy(
      MediaType other,
      Dimensions seen,
      int count,
      Orientation turned,
      Optional<Samples> known,
      Optional<Dimensions> whole) {
    return new Probed(other, seen, count, turned, cmyk, progressive, video, known, whole);
  }

  /** The noun for the file in messages. */
  String noun() {
    return type.has(MediaType.Trait.VIDEO)
        ? "Video"
        : animated() || type.has(MediaType.Trait.MOVING) ? "Animation" : "Image";
  }

  /** Whether the file has more than one frame. */
  public boolean animated() {
    return frames > 1;
  }
}
