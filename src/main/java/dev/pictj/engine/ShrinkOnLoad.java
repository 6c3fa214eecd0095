package dev.pictj.engine;

import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.engine.RenderStep.Shrink;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Orientation;
import java.util.List;
import java.util.Optional;

/**
 * How far a decoder may shrink a picture whose first step is to be shrunk. A decoder shrinks fast,
 * by averaging, and no filter can restore what the averages have lost. So a part of the shrinking
 * is left to the filter.
 */
public final class ShrinkOnLoad {
  /** The filter shrinks by this factor at least: then hardly anything of the averaging is seen. */
  private static final double MIN_FILTER_FACTOR = 2;

  /**
   * The factor that is left to the filter of a thumbnail, of which less is expected. At worst, just
   * where a decoder begins to do the next fraction, thin lines are off by 8 to 13 of 255 in the
   * mean instead of 3 to 7 at the same sizes; point sampling would be off by 17 to 43. In text the
   * eye finds no difference.
   */
  private static final double MIN_SAMPLING_FACTOR = 1.5;

  private ShrinkOnLoad() {}

  /**
   * The least size to decode to, as pixels are stored.
   *
   * @param orientation of the stored pixels; the steps are about upright ones
   * @return empty where the decoder must not shrink
   */
  public static Optional<Dimensions> least(List<RenderStep> steps, Orientation orientation) {
    double factor = isFast(steps) ? MIN_SAMPLING_FACTOR : MIN_FILTER_FACTOR;
    return wanted(steps, orientation)
        .map(
            to ->
                new Dimensions(
                    (int) Math.ceil(factor * to.width()), (int) Math.ceil(factor * to.height())));
  }

  /** Whether the first step is one that a decoder may do alone, as far as it can. */
  public static boolean isFast(List<RenderStep> steps) {
    return first(steps).filter(shrink -> shrink.quality() == Quality.FAST).isPresent();
  }

  /** The first step, where it shrinks. */
  public static Optional<Shrink> first(List<RenderStep> steps) {
    return !steps.isEmpty() && steps.getFirst() instanceof Shrink shrink
        ? Optional.of(shrink)
        : Optional.empty();
  }

  /**
   * The size that a picture is shrunk to first thing, as pixels are stored.
   *
   * @param orientation of the stored pixels; the steps are about upright ones
   * @return empty where the first step is another one
   */
  public static Optional<Dimensions> wanted(List<RenderStep> steps, Orientation orientation) {
    return first(steps).map(shrink -> orientation.upright(shrink.to()));
  }
}
