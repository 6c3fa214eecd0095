package dev.pictj.codec.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaledAxisTest {
  @Test
  void asManyAsThereAreAreTakenWhereTheyFit() {
    assertThat(ScaledAxis.of(1600, 512, 2, 2)).contains(new ScaledAxis(1600, 512));
    assertThat(ScaledAxis.of(801, 400, 1, 2)).contains(new ScaledAxis(801, 400));
    assertThat(ScaledAxis.of(801, 401, 1, 1)).contains(new ScaledAxis(801, 401));
    assertThat(ScaledAxis.of(2, 1, 2, 1)).contains(new ScaledAxis(2, 1));
  }

  /** 342 would stand for 1604.7, and 370 do for 1736.07. */
  @Test
  void elseAFewMoreWithTheSameProportion() {
    assertThat(ScaledAxis.of(1600, 341, 2, 2)).contains(new ScaledAxis(1736, 370));
  }

  @Test
  void orNone() {
    assertThat(ScaledAxis.of(801, 400, 2, 2)).isEmpty();
    assertThat(ScaledAxis.of(825, 812, 2, 2)).isEmpty();
  }

  @Test
  void allThatIsWantedIsInPlaceAndEven() {
    Random random = new Random(3);
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      int to = 1 + random.nextInt(2000);
      double from = (2 * to + random.nextInt(4 * to)) / (random.nextBoolean() ? 1.0 : 2.0);
      int fromStep = 1 + random.nextInt(2);
      int toStep = 1 + random.nextInt(2);
      Optional<ScaledAxis> axis = ScaledAxis.of(from, to, fromStep, toStep);
      if (axis.isPresent()) {
        found++;
        int taken = axis.get().from();
        int made = axis.get().to();
        assertThat(taken % fromStep).isZero();
        assertThat(made % toStep).isZero();
        assertThat(made).isBetween(to, to + 34);
        for (double part : new double[] {0.25, 0.5, 1}) {
          assertThat(part * from * made / taken).isCloseTo(part * to, within(0.35));
        }
      }
    }
    assertThat(found).isGreaterThan(19_900);
  }
}
