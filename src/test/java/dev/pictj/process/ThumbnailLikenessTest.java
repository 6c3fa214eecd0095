package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thumbnail is near to the mean of the areas that its pixels cover, whatever part of the way the
 * decoder has gone: at least twice as near as what picks single points, which is all that is
 * promised.
 */
@Tag("slow")
class ThumbnailLikenessTest {
  /**
   * Just where a decoder begins to do 1/2, 3/8, which only ImageMagick asks for, 1/4 and 1/8, and
   * what is left to the filter is least.
   */
  private static final List<Integer> WORST = List.of(233, 155, 116, 58);

  /** The mean error that is still good, of 255. */
  private static final Map<Subject, Double> GOOD =
      Map.of(Subject.PHOTOGRAPH, 3.0, Subject.NOISE, 7.0, Subject.LINES, 14.0);

  @RegisterExtension static final BothEngines ENGINES = new BothEngines();

  record Case(Subject subject, boolean usingVips, int side) {
    @Override
    public String toString() {
      return "%s %d %s".formatted(subject, side, usingVips ? "libvips" : "ImageMagick");
    }
  }

  static Stream<Case> cases() {
    return GOOD.keySet().stream()
        .flatMap(subject -> Stream.of(new Case(subject, true, 0), new Case(subject, false, 0)))
        .flatMap(one -> WORST.stream().map(side -> new Case(one.subject, one.usingVips, side)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itIsNearToTheMeanOfAreas(Case one) throws Exception {
    Path original = ENGINES.stored(one.subject(), MediaType.JPEG);
    Probed probed = new HeaderProbe().probe(original);
    RenderStep step =
        new RenderStep.Shrink(
            Geometry.fit(probed.dimensions(), one.side(), Rounding.DOWN), RenderStep.Quality.FAST);
    Path made = ENGINES.file("made");
    ENGINES.one(one.usingVips()).render(original, probed, List.of(step), MediaType.PNG, made);

    BufferedImage truth = ENGINES.decode(original);
    BufferedImage found = ENGINES.decode(made);
    Errors errors = Errors.of(truth, step, found);
    Dimensions size = new Dimensions(found.getWidth(), found.getHeight());
    Errors picked = Errors.of(truth, step, pick(truth, size));
    assertThat(errors.mean()).as("%s", one).isLessThan(GOOD.get(one.subject()));
    assertThat(errors.mean()).as("%s, by points %s", one, picked).isLessThan(picked.mean() / 2);
  }

  /** The points in the middle. */
  private static BufferedImage pick(BufferedImage from, Dimensions to) {
    BufferedImage picked = new BufferedImage(to.width(), to.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < to.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        picked.setRGB(
            x,
            y,
            from.getRGB(
                (2 * x + 1) * from.getWidth() / (2 * to.width()),
                (2 * y + 1) * from.getHeight() / (2 * to.height())));
      }
    }
    return picked;
  }
}
