package dev.pictj.process;

import dev.pictj.catalog.Variant;
import dev.pictj.engine.Fidelity;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.engine.metadata.Colours;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.PictureHeader;
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rule of mezzanines: copies of middle size that small variants of large pictures are made
 * from, because they are decoded in a fraction of the time.
 *
 * @param side the longest one of a mezzanine in pixels; 0 for none
 * @param quality of those that are JPEG
 */
public record Mezzanine(int side, int quality) {
  /*
   * It pays where decoding the original is most of the work: a PNG, a WebP without loss or a
   * progressive JPEG of twice its pixels or more. A plain JPEG is decoded at a fraction of its size
   * by leaving out most of the arithmetic, so it has to be three times as large as those.
   *
   * A result must not look worse for it. Therefore it has at most a third of the mezzanine's sides:
   * each of its pixels is the mean of nine or more, and what quantisation did to one of them is less
   * in the mean. With a half, thin lines were up to two fifths further from the truth. Its own
   * encoding then loses a multiple of that, which is why the mezzanine's quality has to be the
   * higher one, and why no PNG is made of one. Steps at full size, such as a crop that comes first,
   * are for the original.
   *
   * What has no loss, as drawings and screenshots have not, keeps none in its mezzanine: thin lines
   * showed the difference. A WebP with loss has no mezzanine: one without loss would often be
   * larger than itself, and one with loss would be the second. A mezzanine says of its colours what
   * the original says, and is grey where that is; what cannot be in such a file has none.
   */

  /** Its key among the variants; no chain has it. */
  static final String KEY = "mezzanine";

  private static final long MIN_TIMES_RESULT_SIDE = 3;
  private static final int MIN_TIMES_ITS_AREA = 2;
  private static final int MIN_TIMES_ITS_AREA_BASELINE = 6;

  /**
   * One mezzanine.
   *
   * @param type JPEG of a JPEG, else WebP without loss
   * @param stored how it is written
   */
  record Copy(Dimensions size, MediaType type, Fidelity stored) {
    /** The beginning of its blob's name. It has the quality in it, which the key has not. */
    String name() {
      return stored instanceof Fidelity.Jpeg(JpegTraits traits)
          ? KEY + "-" + traits.quality()
          : KEY;
    }

    /** Whether a stored one is like it, and none that was made under other settings. */
    boolean is(Variant known) {
      return known.details().dimensions().equals(size) && known.blob().startsWith(name() + ".");
    }
  }

  /**
   * A mezzanine, and how one result is made of it.
   *
   * @param steps from the copy to the result
   * @param result how the result is written: as it would be were it made from the original
   */
  record Use(Copy copy, List<RenderStep> steps, Fidelity result) {}

  /** The type of an original's mezzanines, whatever the settings. */
  static MediaType type(MediaType original) {
    return original == MediaType.JPEG ? MediaType.JPEG : MediaType.WEBP;
  }

  /** The mezzanine of an original, empty when it is worth none. */
  Optional<Copy> copyOf(Path original, Probed probed) throws IOException {
    Dimensions size = Geometry.fit(probed.dimensions(), Math.max(1, side), Rounding.DOWN);
    if (side == 0 || !pays(original, probed, size)) {
      return Optional.empty();
    }
    MediaType type = type(probed.type());
    Fidelity stored =
        type == MediaType.JPEG
            ? new Fidelity.Jpeg(new JpegTraits(quality, JpegTraits.Chroma.WHOLE))
            : new Fidelity.Lossless();
    return Optional.of(new Copy(size, type, stored));
  }

  /** The mezzanine that a result may be made from, empty when only the original will do. */
  Optional<Use> of(Path original, Probed probed, List<RenderStep> steps, MediaType target)
      throws IOException {
    Optional<Copy> copy = copyOf(original, probed);
    if (copy.isEmpty() || !shrinksEnough(steps, copy.get().size()) || !target.has(Trait.QUALITY)) {
      return Optional.empty();
    }
    Fidelity result = Fidelity.USUAL;
    if (target == MediaType.JPEG) {
      JpegTraits traits = JpegTraits.forChildOf(original, probed.type());
      if (copy.get().type() == MediaType.JPEG && traits.quality() >= quality) {
        return Optional.empty();
      }
      result = new Fidelity.Suited(traits);
    }
    return Optional.of(new Use(copy.get(), careful(steps), result));
  }

  private static boolean pays(Path original, Probed probed, Dimensions size) throws IOException {
    // What still has to be turned was never looked at on its way in, which is rare.
    if (probed.animated() || probed.orientation() != Orientation.UPRIGHT) {
      return false;
    }
    boolean baseline = probed.type() == MediaType.JPEG && !probed.progressive();
    int least = baseline ? MIN_TIMES_ITS_AREA_BASELINE : MIN_TIMES_ITS_AREA;
    if (probed.dimensions().area() < least * size.area()) {
      return false;
    }
    Colours colours = Colours.of(original, probed);
    MediaType type = type(probed.type());
    boolean suits =
        type == MediaType.JPEG
            || (colours.channels() != Colours.Channels.GREY && hasNoLoss(original, probed));
    return suits && colours.in(type) == Recolouring.Change.NONE;
  }

  private static boolean hasNoLoss(Path original, Probed probed) throws IOException {
    return !probed.type().has(Trait.QUALITY)
        || (!probed.animated() && PictureHeader.isLossless(original, probed.type()));
  }

  /** With more care than sampling takes, for this is the second time that it is shrunk. */
  private static List<RenderStep> careful(List<RenderStep> steps) {
    List<RenderStep> careful = new ArrayList<>(steps);
    if (ShrinkOnLoad.isFast(steps)) {
      Dimensions to = ShrinkOnLoad.first(steps).orElseThrow().to();
      careful.set(0, new RenderStep.Shrink(to, RenderStep.Quality.CAREFUL));
    }
    return List.copyOf(careful);
  }

  private static boolean shrinksEnough(List<RenderStep> steps, Dimensions size) {
    return ShrinkOnLoad.first(steps)
        .map(RenderStep.Shrink::to)
        .filter(to -> MIN_TIMES_RESULT_SIDE * to.width() <= size.width())
        .filter(to -> MIN_TIMES_RESULT_SIDE * to.height() <= size.height())
        .isPresent();
  }
}
