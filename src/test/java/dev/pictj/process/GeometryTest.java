package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeometryTest {
  @ParameterizedTest
  @CsvSource({
    "1200,1387,256,221,256",
    "640,360,96,96,54",
    "640,360,1000,640,360",
    "550,368,64,64,42",
    "1600,900,256,256,144",
    "400,225,96,96,54",
    "1000,3,100,100,1",
    "3,1000,100,1,100",
    "500,500,100,100,100"
  })
  void fitsIntoTheSquareByTruncation(int width, int height, int side, int w, int h) {
    assertThat(Geometry.fit(new Dimensions(width, height), side, Rounding.DOWN))
        .isEqualTo(new Dimensions(w, h));
  }

  @ParameterizedTest
  @CsvSource({
    "1600,900,1,1,900,900,350,0",
    "1600,1100,16,9,1600,900,0,100",
    "1200,1387,1,1,1200,1200,0,93",
    "640,360,4,3,480,360,80,0",
    "640,360,9,16,202,360,219,0",
    "550,368,3,1,550,183,0,92",
    "1,1000,1,20,1,20,0,490",
    "1000,1,1,20,1,1,499,0"
  })
  void cropsTheCentre(int width, int height, int rw, int rh, int w, int h, int x, int y) {
    assertThat(Geometry.crop(new Dimensions(width, height), rw, rh))
        .isEqualTo(new RenderStep.Crop(new Dimensions(w, h), x, y));
  }

  @Test
  void neverEnlargesNeverVanishesAlwaysFits() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      Dimensions from = new Dimensions(1 + random.nextInt(65_535), 1 + random.nextInt(65_535));
      int side = 1 + random.nextInt(12_000);
      Dimensions to = Geometry.fit(from, side, Rounding.DOWN);
      assertThat(to.width()).isBetween(1, Math.min(from.width(), Math.max(side, 1)));
      assertThat(to.height()).isBetween(1, Math.min(from.height(), Math.max(side, 1)));
      if (!to.equals(from)) {
        assertThat(Math.max(to.width(), to.height())).isEqualTo(side);
      }
      RenderStep.Crop crop = Geometry.crop(from, 1 + random.nextInt(20), 1 + random.nextInt(20));
      assertThat(crop.x() + crop.to().width()).isLessThanOrEqualTo(from.width());
      assertThat(crop.y() + crop.to().height()).isLessThanOrEqualTo(from.height());
      assertThat(crop.to().width() == from.width() || crop.to().height() == from.height()).isTrue();
    }
  }
}
