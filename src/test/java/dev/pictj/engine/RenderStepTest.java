package dev.pictj.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.Dimensions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderStepTest {
  private static final Dimensions SMALL = new Dimensions(96, 54);
  private static final List<RenderStep> ONE_OF_EACH =
      List.of(
          new RenderStep.Shrink(SMALL, RenderStep.Quality.CAREFUL),
          new RenderStep.Crop(SMALL, 7, 11),
          new RenderStep.Blur(2.25),
          new RenderStep.ToSrgb());

  @Test
  void everyKindReachesAWorkerAsItIs() throws Exception {
    assertThat(ONE_OF_EACH)
        .extracting(Object::getClass)
        .hasSameElementsAs(List.of(RenderStep.class.getPermittedSubclasses()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (RenderStep step : ONE_OF_EACH) {
      RenderStep.write(new DataOutputStream(bytes), step);
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    for (RenderStep step : ONE_OF_EACH) {
      assertThat(RenderStep.read(in)).isEqualTo(step);
    }
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void anUnknownKindIsRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new DataOutputStream(bytes).writeUTF("Sharpen");
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    assertThatThrownBy(() -> RenderStep.read(in))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Sharpen");
  }

  @Test
  void aBlurIsDoneOnACopySmallerByTheSigma() {
    Dimensions size = new Dimensions(1000, 333);
    RenderStep.Blur wide = new RenderStep.Blur(4.5);
    assertThat(wide.copyOf(size)).isEqualTo(new Dimensions(250, 83));
    assertThat(wide.sigmaOnCopy(size, 0.25)).isEqualTo(Math.sqrt(4.5 * 4.5 / 16 - 0.25));
    RenderStep.Blur narrow = new RenderStep.Blur(1.2);
    assertThat(narrow.copyOf(size)).isEqualTo(size);
    assertThat(narrow.sigmaOnCopy(size, 0.25)).isEqualTo(1.2);
    Dimensions large = new Dimensions(5000, 4000);
    assertThat(narrow.copyOf(large)).isEqualTo(new Dimensions(2500, 2000));
    assertThat(narrow.sigmaOnCopy(large, 1.0 / 3)).isEqualTo(0.2);
  }
}
