package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Variant;
import dev.pictj.engine.Fidelity;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MezzanineTest {
  private static final Mezzanine RULE = new Mezzanine(100, 95);
  private static final RenderStep THIRD =
      new RenderStep.Shrink(new Dimensions(33, 24), RenderStep.Quality.LANCZOS2);

  @TempDir private Path folder;

  private Optional<Mezzanine.Use> use(
      Mezzanine rule, byte[] picture, MediaType target, RenderStep... steps) throws Exception {
    Path file = Files.write(folder.resolve("picture"), picture);
    return rule.of(file, new HeaderProbe().probe(file), List.of(steps), target);
  }

  private Optional<Mezzanine.Use> use(byte[] picture) throws Exception {
    return use(RULE, picture, MediaType.WEBP, THIRD);
  }

  @Test
  void whatIsSlowToDecodeHasOneFromTwiceItsPixelsOn() throws Exception {
    for (byte[] picture :
        List.of(
            Pictures.png(200, 150),
            Pictures.pngAlpha(200, 150),
            Pictures.webpLossless(200, 150),
            Pictures.jpegProgressive(200, 150))) {
      assertThat(use(picture)).isPresent();
    }
    assertThat(use(Pictures.png(142, 106))).isPresent();
    assertThat(use(Pictures.png(140, 104))).isEmpty();
  }

  @Test
  void aPlainJpegHasOneOnlyWhenItIsHuge() throws Exception {
    assertThat(use(Pictures.jpeg(240, 180))).isEmpty();
    assertThat(use(Pictures.jpeg(248, 186))).isPresent();
  }

  @Test
  void whatWouldLoseTwiceOrChangeItsColoursHasNone() throws Exception {
    assertThat(use(Pictures.webp(400, 300))).isEmpty();
    assertThat(use(Pictures.animatedWebp(400, 300, 2))).isEmpty();
    assertThat(use(Pictures.jpegCmyk(400, 300))).isEmpty();
    assertThat(use(Pictures.pngGrey(400, 300))).isEmpty();
    assertThat(use(PngChunks.withChunk(Pictures.png(400, 300), "gAMA", Bytes.big32(55_556))))
        .isEmpty();
    assertThat(use(PngChunks.withChunk(Pictures.png(400, 300), "gAMA", Bytes.big32(45_455))))
        .isPresent();
  }

  @Test
  void itIsForWhatIsAtMostAThirdOfItsSize() throws Exception {
    byte[] picture = Pictures.png(400, 300);
    assertThat(use(picture).orElseThrow().copy().size()).isEqualTo(new Dimensions(100, 75));
    for (RenderStep step :
        List.of(
            new RenderStep.Shrink(new Dimensions(34, 25), RenderStep.Quality.LANCZOS2),
            new RenderStep.Shrink(new Dimensions(33, 26), RenderStep.Quality.FAST),
            new RenderStep.Blur(3),
            new RenderStep.Crop(new Dimensions(10, 10), 0, 0))) {
      assertThat(use(RULE, picture, MediaType.WEBP, step)).isEmpty();
    }
    assertThat(use(RULE, picture, MediaType.WEBP)).isEmpty();
    assertThat(use(RULE, picture, MediaType.WEBP, THIRD, new RenderStep.Blur(3))).isPresent();
  }

  @Test
  void nothingWithoutLossIsMadeOfIt() throws Exception {
    assertThat(use(RULE, Pictures.png(400, 300), MediaType.PNG, THIRD)).isEmpty();
  }

  @Test
  void aJpegIsWrittenAsItWouldBeFromTheOriginal() throws Exception {
    byte[] picture = Pictures.jpegQuality(400, 300, 0.8f);
    Path file = Files.write(folder.resolve("original"), picture);
    assertThat(use(RULE, picture, MediaType.JPEG, THIRD).orElseThrow().result())
        .isEqualTo(new Fidelity.Suited(JpegTraits.of(file)));
    assertThat(use(RULE, Pictures.png(400, 300), MediaType.JPEG, THIRD).orElseThrow().result())
        .isEqualTo(new Fidelity.Suited(JpegTraits.USUAL));
  }

  @Test
  void aJpegAsTrueAsTheMezzanineIsMadeFromTheOriginal() throws Exception {
    byte[] picture = Pictures.jpegQuality(400, 300, 0.97f);
    assertThat(use(RULE, picture, MediaType.JPEG, THIRD)).isEmpty();
    assertThat(use(RULE, picture, MediaType.WEBP, THIRD)).isPresent();
    assertThat(use(new Mezzanine(100, 98), picture, MediaType.JPEG, THIRD)).isPresent();
  }

  @Test
  void oneOfOtherSettingsIsNotTaken() throws Exception {
    Variant large = stored("mezzanine-95.0a1b2c3d.jpg", 100, 75);
    Mezzanine.Copy copy = copy(RULE, Pictures.jpegProgressive(400, 300));
    assertThat(copy.is(large)).isTrue();
    assertThat(copy.is(stored("mezzanine-9.0a1b2c3d.jpg", 100, 75))).isFalse();
    // From before names told it.
    assertThat(copy.is(stored("mezzanine.0a1b2c3d.jpg", 100, 75))).isFalse();
    assertThat(copy(new Mezzanine(100, 96), Pictures.jpegProgressive(400, 300)).is(large))
        .isFalse();
    assertThat(copy(new Mezzanine(104, 95), Pictures.jpegProgressive(400, 300)).is(large))
        .isFalse();
  }

  @Test
  void oneWithoutLossIsTheSameInAnyQuality() throws Exception {
    Variant lossless = stored("mezzanine.0a1b2c3d.webp", 100, 75);
    for (int quality : List.of(90, 95)) {
      assertThat(copy(new Mezzanine(100, quality), Pictures.png(400, 300)).is(lossless)).isTrue();
    }
    assertThat(copy(new Mezzanine(104, 95), Pictures.png(400, 300)).is(lossless)).isFalse();
  }

  private Mezzanine.Copy copy(Mezzanine rule, byte[] picture) throws Exception {
    return use(rule, picture, MediaType.WEBP, THIRD).orElseThrow().copy();
  }

  private static Variant stored(String blob, int width, int height) {
    return new Variant(
        blob,
        "0".repeat(64),
        1,
        new Details(new Dimensions(width, height), MediaType.JPEG, 1, Instant.EPOCH));
  }

  @Test
  void noSizeIsNoMezzanine() throws Exception {
    assertThat(use(new Mezzanine(0, 95), Pictures.png(400, 300), MediaType.WEBP, THIRD)).isEmpty();
  }
}
