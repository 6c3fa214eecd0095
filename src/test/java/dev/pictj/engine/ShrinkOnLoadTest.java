package dev.pictj.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.Dimensions;
import dev.pictj.media.Orientation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShrinkOnLoadTest {
  private static final Dimensions WANTED = new Dimensions(301, 200);

  @Test
  void aFilterHasHalfOfTheWayToItself() {
    assertThat(
            ShrinkOnLoad.least(
                List.of(new RenderStep.Shrink(WANTED, RenderStep.Quality.LANCZOS2)),
                Orientation.UPRIGHT))
        .contains(new Dimensions(602, 400));
    assertThat(
            ShrinkOnLoad.least(
                List.of(new RenderStep.Shrink(WANTED, RenderStep.Quality.CAREFUL)),
                Orientation.UPRIGHT))
        .contains(new Dimensions(602, 400));
  }

  @Test
  void samplingLeavesItLess() {
    assertThat(
            ShrinkOnLoad.least(
                List.of(new RenderStep.Shrink(WANTED, RenderStep.Quality.FAST)),
                Orientation.UPRIGHT))
        .contains(new Dimensions(452, 300));
  }

  @Test
  void aPictureThatLiesOnItsSideIsDecodedAsItLies() {
    assertThat(
            ShrinkOnLoad.least(
                List.of(new RenderStep.Shrink(WANTED, RenderStep.Quality.FAST)),
                Orientation.QUARTER_TURN))
        .contains(new Dimensions(300, 452));
  }

  @Test
  void whatNeedsAllPixelsGetsThem() {
    RenderStep shrink = new RenderStep.Shrink(WANTED, RenderStep.Quality.FAST);
    for (RenderStep first : List.of(new RenderStep.Crop(WANTED, 0, 0), new RenderStep.Blur(1))) {
      assertThat(ShrinkOnLoad.least(List.of(first, shrink), Orientation.UPRIGHT)).isEmpty();
    }
    assertThat(ShrinkOnLoad.least(List.of(), Orientation.UPRIGHT)).isEmpty();
  }
}
