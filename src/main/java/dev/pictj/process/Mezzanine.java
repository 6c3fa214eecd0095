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
   * A mezzanine pays where decoding the original is most of the work: a PNG, a lossless WebP or a
   * progressive JPEG of at least twice the mezzanine's pixels. A baseline JPEG is decoded at a
   * fraction of its size by leaving out most of the arithmetic, so it has to have six times the
   * pixels.
   *
   * A result must not look worse when it is made from a mezzanine. Therefore its sides are at most a
   * third of the mezzanine's: each pixel of the result is the mean of nine or more, and the error of
   * quantisation is smaller in a mean. At a half, thin lines were up to two fifths further from what
   * the original gives. The mezzanine's quality is the higher one, so that encoding the result loses
   * several times as much as encoding the mezzanine did. No PNG is made from a mezzanine, because it
   * would keep the whole error. Steps at full size, such as a crop that comes first, are done to the
   * original.
   *
   * The mezzanine of a lossless original, such as a drawing or a screenshot, is lossless too: thin
   * lines showed the difference. A lossy WebP has no mezzanine: a lossless one would often be larger
   * than the original, and a lossy one would lose a second time. A mezzanine has the colour space of
   * the original, and is grey where that is; an original whose colours the format of mezzanines
   * cannot hold has none.
   */

  /** The key of mezzanines among the variants; no chain of operations has this key. */
  static final String KEY = "mezzanine";

  private static final long MIN_TIMES_RESULT_SIDE = 3;
  private static final int MIN_TIMES_ITS_AREA = 2;
  private static final int MIN_TIMES_ITS_AREA_BASELINE = 6;

  /**
   * A mezzanine that is stored, or is to be made.
   *
   * @param type JPEG of a JPEG, else WebP without loss
   * @param stored how it is written
   */
  record Copy(Dimensions size, MediaType type, Fidelity stored) {
    /** The beginning of the blob's name, which contains the quality; the key does not. */
    String name() {
      return stored instanceof Fidelity.Jpeg(JpegTraits traits)
          ? KEY + "-" + traits.quality()
          : KEY;
    }

    /** Whether a stored mezzanine was made under the settings of now. */
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

  /** Replaces the fast shrinking by a careful one, because the picture is shrunk a second time. */
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
