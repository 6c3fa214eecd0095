package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.PlaneOrder;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.util.List;
import java.util.Optional;

/**
 * Everything that must be known to make one picture from another's bytes.
 *
 * @param type of the source
 * @param stored size of the source's pixels
 * @param orientation what must be done to them to be upright
 * @param premultiplied whether its decoder gives colours that are multiplied by alpha
 * @param colours what has to be done before, that they mean the same in the result
 * @param steps applied after that, in order
 * @param target type of the result
 * @param frames that the result has: more than one where it is an animation
 * @param fastCodecs whether codecs of {@code dev.pictj.codec} may do a part of it
 */
public record Job(
    MediaType type,
    Dimensions stored,
    Orientation orientation,
    boolean premultiplied,
    Recolouring colours,
    List<RenderStep> steps,
    MediaType target,
    Encoding encoding,
    int frames,
    boolean fastCodecs) {
  /** Chroma samples that the decoder must leave for each of the result, across and down. */
  private static final double MIN_CHROMA_PER_RESULT = 1.75;

  /**
   * Smaller results are not made plane by plane: they cost hardly anything, and their few rows
   * depend on the machine's vector instructions.
   */
  private static final int MIN_SIDE_FOR_PLANES = 16;

  public Job {
    steps = List.copyOf(steps);
  }

  /**
   * Whether chroma may be decoded at half of its size: the result is subsampled 4:2:0, and the
   * decoder leaves enough samples to the filter. With fewer, thin lines of strong colours become
   * visibly duller.
   */
  boolean halvesChroma() {
    double room = MIN_CHROMA_PER_RESULT * shrinkOnLoad();
    return keepsQuarterOfChroma()
        && ShrinkOnLoad.wanted(steps, orientation)
            .filter(to -> to.width() * room <= stored.width())
            .filter(to -> to.height() * room <= stored.height())
            .isPresent();
  }

  /**
   * What plane-wise shrinking of a JPEG is asked for. That is done to upright pictures when they
   * are shrunk and nothing else.
   *
   * @param maxBytes of memory
   * @return empty where the job is another one
   */
  Optional<PlaneOrder> planes(long maxBytes) {
    if (!fastCodecs
        || type != MediaType.JPEG
        || target != MediaType.JPEG
        || orientation != Orientation.UPRIGHT
        || steps.size() != 1) {
      return Optional.empty();
    }
    return ShrinkOnLoad.wanted(steps, orientation)
        .filter(to -> Math.min(to.width(), to.height()) >= MIN_SIDE_FOR_PLANES)
        .filter(to -> to.width() < stored.width())
        .filter(to -> to.height() < stored.height())
        .map(
            to ->
                new PlaneOrder(
                    stored,
                    to,
                    (int) shrinkOnLoad(),
                    halvesChroma(),
                    keepsQuarterOfChroma(),
                    encoding.quality(),
                    maxBytes));
  }

  /** Whether each frame that may be transparent is cleared before the next one. */
  boolean clearsFrames() {
    return target == MediaType.GIF;
  }

  /** Whether it must be known of all frames together whether they are transparent. */
  boolean needsKindOfPixels() {
    return target.has(MediaType.Trait.MOVING);
  }

  /** Whether the result is subsampled 4:2:0. */
  boolean keepsQuarterOfChroma() {
    return VipsFormat.of(target).quartersChroma(encoding);
  }

  /** By how much the decoder shrinks already. JPEG knows 2, 4 and 8. */
  double shrinkOnLoad() {
    double most =
        ShrinkOnLoad.least(steps, orientation)
            .map(
                least ->
                    Math.min(
                        (double) stored.width() / least.width(),
                        (double) stored.height() / least.height()))
            .orElse(1.0);
    if (type == MediaType.JPEG) {
      return most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : 1;
    }
    if (!VipsFormat.of(type).shrinksExactly()) {
      return 1;
    }
    return exactShrink().orElse(most >= 1.5 ? most : 1);
  }

  /** The size that a WebP has when its decoder has shrunk it. */
  Dimensions loadedWebp() {
    double shrink = shrinkOnLoad();
    return new Dimensions(
        (int) Math.rint(stored.width() / shrink), (int) Math.rint(stored.height() / shrink));
  }

  /**
   * By how much WebP is shrunk to be sampled: all the way, for its decoder takes the mean of just
   * those pixels that one of the result stands for.
   *
   * @return empty where no factor gives both sides, which are rounded
   */
  private Optional<Double> exactShrink() {
    if (!ShrinkOnLoad.isFast(steps)) {
      return Optional.empty();
    }
    Dimensions wanted = ShrinkOnLoad.wanted(steps, orientation).orElseThrow();
    double least =
        Math.max(
            (wanted.width() - 0.5) / stored.width(), (wanted.height() - 0.5) / stored.height());
    double most =
        Math.min(
            (wanted.width() + 0.5) / stored.width(), (wanted.height() + 0.5) / stored.height());
    return least < most && most < 1 ? Optional.of(2 / (least + most)) : Optional.empty();
  }
}
