package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.codec.jpeg.PlaneOrder;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits.Chroma;
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far decoders go down, and with how much colour. */
class JobTest {
  private static final Encoding USUAL = encoding(85, Chroma.USUAL, false);

  private static Encoding encoding(int quality, Chroma chroma, boolean lossless) {
    return new Encoding(quality, chroma, lossless, 2, 4);
  }

  private static Job job(MediaType type, RenderStep step, MediaType target, Encoding encoding) {
    Dimensions stored = new Dimensions(4000, 3000);
    return new Job(
        type,
        stored,
        Orientation.UPRIGHT,
        false,
        Recolouring.NONE,
        List.of(step),
        target,
        encoding,
        1,
        true);
  }

  private static Job sampled(int width, int height, MediaType target, Encoding encoding) {
    RenderStep step = new RenderStep.Shrink(new Dimensions(width, height), RenderStep.Quality.FAST);
    return job(MediaType.JPEG, step, target, encoding);
  }

  /** Decoded to 500 by 375, of which four sevenths are 285.7 by 214.3. */
  @Test
  void colourIsHalvedWhereTheFilterHasSevenQuarters() {
    assertThat(sampled(285, 214, MediaType.WEBP, USUAL).shrinkOnLoad()).isEqualTo(8);
    assertThat(sampled(285, 214, MediaType.WEBP, USUAL).halvesChroma()).isTrue();
    assertThat(sampled(286, 214, MediaType.WEBP, USUAL).halvesChroma()).isFalse();
    assertThat(sampled(285, 215, MediaType.WEBP, USUAL).halvesChroma()).isFalse();
    RenderStep crop = new RenderStep.Crop(new Dimensions(9, 9), 0, 0);
    assertThat(job(MediaType.JPEG, crop, MediaType.WEBP, USUAL).halvesChroma()).isFalse();
  }

  @Test
  void colourIsHalvedWhereTheResultKeepsAQuarter() {
    assertThat(sampled(256, 192, MediaType.JPEG, USUAL).halvesChroma()).isTrue();
    assertThat(sampled(256, 192, MediaType.PNG, USUAL).halvesChroma()).isFalse();
    for (Encoding whole :
        List.of(encoding(90, Chroma.USUAL, true), encoding(50, Chroma.WHOLE, true))) {
      assertThat(sampled(256, 192, MediaType.JPEG, whole).halvesChroma()).isFalse();
      assertThat(sampled(256, 192, MediaType.WEBP, whole).halvesChroma()).isFalse();
    }
  }

  @Test
  void webpIsSampledByItsDecoderAndResizedFromTwiceTheSize() {
    for (Dimensions to : List.of(new Dimensions(256, 192), new Dimensions(301, 226))) {
      RenderStep sample = new RenderStep.Shrink(to, RenderStep.Quality.FAST);
      assertThat(job(MediaType.WEBP, sample, MediaType.WEBP, USUAL).loadedWebp()).isEqualTo(to);
    }
    RenderStep resize =
        new RenderStep.Shrink(new Dimensions(256, 192), RenderStep.Quality.LANCZOS2);
    assertThat(job(MediaType.WEBP, resize, MediaType.WEBP, USUAL).loadedWebp())
        .isEqualTo(new Dimensions(512, 384));
  }

  /** No factor gives this shape: then as much is left to the filter as with JPEG. */
  @Test
  void webpOfAnotherShapeIsSampledFromHalfAsMuchMore() {
    RenderStep sample = new RenderStep.Shrink(new Dimensions(200, 100), RenderStep.Quality.FAST);
    Dimensions loaded = job(MediaType.WEBP, sample, MediaType.WEBP, USUAL).loadedWebp();
    assertThat(loaded).isEqualTo(new Dimensions(300, 225));
  }

  /** 4000 by 3000 to 800 by 600 leaves five halves to the filter after 2, five quarters after 4. */
  @Test
  void planesAreShrunkAsTheDecoderShrinks() {
    Encoding whole = encoding(85, Chroma.WHOLE, false);
    assertPlanes(sampled(800, 600, MediaType.JPEG, USUAL), 2, true);
    // Decoded to 2000 by 1500, which is less than seven quarters of it.
    assertPlanes(sampled(1200, 900, MediaType.JPEG, USUAL), 2, false);
    assertPlanes(sampled(800, 600, MediaType.JPEG, whole), 2, false);
    assertPlanes(sampled(3000, 2250, MediaType.JPEG, USUAL), 1, false);
  }

  private static void assertPlanes(Job job, int shrink, boolean halvesChroma) {
    PlaneOrder order = job.planes(1).orElseThrow();
    assertThat(order.shrink()).isEqualTo(shrink);
    assertThat(order.halvesChroma()).isEqualTo(halvesChroma);
  }
}
