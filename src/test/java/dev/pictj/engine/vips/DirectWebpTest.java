package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WebpChunks;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With libwebp alone the same comes out as with libvips around it, of sound files and of others.
 */
class DirectWebpTest {
  private static final Dimensions STORED = new Dimensions(305, 203);
  private static final Encoding WHOLE = new Encoding(90, JpegTraits.Chroma.WHOLE, true, 0, 1);

  private static final Companions WEBP =
      new Companions(
          Optional.empty(),
          Optional.of(library()),
          WebpEncoder.installed(),
          Optional.empty(),
          Optional.empty());

  private static LibWebp library() {
    return LibWebp.installed()
        .orElseThrow(() -> new IllegalStateException("libwebp7 must be installed for this test"));
  }

  /** By one thread, for two make the same. */
  private static Optional<byte[]> pixels(byte[] webp, Dimensions stored, Dimensions size) {
    Optional<byte[]> alone = pixels(webp, stored, size, true);
    Optional<byte[]> pixels = pixels(webp, stored, size, false);
    assertThat(alone.isPresent()).isEqualTo(pixels.isPresent());
    pixels.ifPresent(one -> assertThat(alone.orElseThrow()).isEqualTo(one));
    return pixels;
  }

  private static Optional<byte[]> pixels(
      byte[] webp, Dimensions stored, Dimensions size, boolean alone) {
    try (Arena arena = Arena.ofConfined()) {
      return new DirectWebp(library(), alone, arena)
          .of(arena.allocateFrom(ValueLayout.JAVA_BYTE, webp), stored, size)
          .map(pixels -> pixels.samples().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** A PNG, or why there is none. */
  private static byte[] rendered(
      byte[] webp, Orientation turned, List<RenderStep> steps, boolean direct) {
    return rendered(
        webp, new Job(MediaType.WEBP, STORED, turned, steps, MediaType.PNG, WHOLE), direct);
  }

  private static byte[] rendered(byte[] webp, Job job, boolean direct) {
    return Kitchen.rendered(job, webp, direct ? WEBP : Companions.NONE);
  }

  private static int[] argb(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }

  private static Map<String, byte[]> sound() {
    int width = STORED.width();
    int height = STORED.height();
    Map<String, byte[]> sound = new LinkedHashMap<>();
    sound.put("lossy", Pictures.webp(width, height));
    sound.put("lossless", Pictures.webpLossless(width, height));
    sound.put("alpha", Pictures.webpAlpha(width, height));
    sound.put("metadata", WebpChunks.withXmp(Pictures.webp(width, height), width, height));
    return sound;
  }

  static Stream<String> soundByName() {
    return sound().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("soundByName")
  void pixelsAreTheSame(String name) throws Exception {
    byte[] webp = sound().get(name);
    Dimensions half = new Dimensions(150, 100);
    Dimensions small = new Dimensions(48, 32);
    Dimensions turned = new Dimensions(32, 48);

    assertThat(pixels(webp, STORED, STORED)).isPresent();
    for (List<RenderStep> steps :
        List.of(
            List.<RenderStep>of(),
            List.<RenderStep>of(new RenderStep.Shrink(small, RenderStep.Quality.FAST)),
            List.<RenderStep>of(new RenderStep.Shrink(small, RenderStep.Quality.LANCZOS2)),
            List.<RenderStep>of(new RenderStep.Shrink(half, RenderStep.Quality.CAREFUL)),
            List.<RenderStep>of(
                new RenderStep.Shrink(new Dimensions(300, 200), RenderStep.Quality.FAST)),
            List.<RenderStep>of(new RenderStep.Crop(half, 3, 7)),
            List.<RenderStep>of(
                new RenderStep.Shrink(half, RenderStep.Quality.FAST), new RenderStep.Blur(2)))) {
      assertThat(argb(rendered(webp, Orientation.UPRIGHT, steps, true)))
          .as(steps.toString())
          .isEqualTo(argb(rendered(webp, Orientation.UPRIGHT, steps, false)));
    }
    List<RenderStep> sideways = List.of(new RenderStep.Shrink(turned, RenderStep.Quality.FAST));
    assertThat(argb(rendered(webp, Orientation.QUARTER_TURN, sideways, true)))
        .isEqualTo(argb(rendered(webp, Orientation.QUARTER_TURN, sideways, false)));
  }

  /** A shrinking of both sides by just the same factor, in whatever way they are rounded. */
  @Test
  void anySizeIsReached() throws Exception {
    byte[] webp = Pictures.webp(STORED.width(), STORED.height());
    for (int width = 1; width < 200; width++) {
      for (int height : new int[] {width * 203 / 305, (width * 203 + 304) / 305}) {
        Dimensions to = new Dimensions(width, Math.max(1, height));
        byte[] png =
            rendered(
                webp,
                Orientation.UPRIGHT,
                List.of(new RenderStep.Shrink(to, RenderStep.Quality.FAST)),
                true);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(new Dimensions(image.getWidth(), image.getHeight())).isEqualTo(to);
      }
    }
  }

  /**
   * Where the decoder has done all there is to do, libwebp writes what libvips would have written.
   */
  @ParameterizedTest
  @MethodSource("soundByName")
  void codedPixelsAreTheSame(String name) {
    byte[] webp = sound().get(name);
    for (int effort : new int[] {0, 2, 6}) {
      Encoding lossy = new Encoding(90, JpegTraits.Chroma.USUAL, false, effort, 1);
      for (List<RenderStep> steps :
          List.of(
              List.<RenderStep>of(),
              List.<RenderStep>of(
                  new RenderStep.Shrink(new Dimensions(48, 32), RenderStep.Quality.FAST)),
              List.<RenderStep>of(
                  new RenderStep.Shrink(new Dimensions(48, 32), RenderStep.Quality.LANCZOS2)),
              List.<RenderStep>of(
                  new RenderStep.Shrink(new Dimensions(48, 32), RenderStep.Quality.FAST),
                  new RenderStep.Crop(new Dimensions(32, 32), 8, 0)))) {
        Job job =
            new Job(MediaType.WEBP, STORED, Orientation.UPRIGHT, steps, MediaType.WEBP, lossy);
        byte[] made = rendered(webp, job, true);
        byte[] byVips = rendered(webp, job, false);
        assertThat(chunk(made, "VP8 ")).as("%s", job).isEqualTo(chunk(byVips, "VP8 "));
        boolean nothingLeft =
            !name.equals("alpha")
                && (steps.isEmpty() || (steps.size() == 1 && ShrinkOnLoad.isFast(steps)));
        // libvips before 8.15 adds an extended header to all that it writes.
        assertThat(Bytes.find(made, "VP8X") < 0)
            .isEqualTo(nothingLeft || Bytes.find(byVips, "VP8X") < 0);
        assertThat(Bytes.find(made, "ALPH") < 0).isEqualTo(Bytes.find(byVips, "ALPH") < 0);
      }
    }
  }

  private static byte[] chunk(byte[] webp, String code) {
    int at = Bytes.find(webp, code);
    int length = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
    return Bytes.part(webp, at + 8, at + 8 + length);
  }

  private static Map<String, byte[]> others() {
    byte[] lossy = Pictures.webp(STORED.width(), STORED.height());
    byte[] damaged = lossy.clone();
    Arrays.fill(damaged, 30, 60, (byte) 0x5A);
    byte[] unknown = lossy.clone();
    unknown[14] = '9';
    Map<String, byte[]> others = new LinkedHashMap<>();
    others.put("animated", Pictures.animatedWebp(STORED.width(), STORED.height(), 3));
    others.put("profile", WebpChunks.withIcc(lossy, STORED.width(), STORED.height()));
    others.put("half", Arrays.copyOf(lossy, lossy.length / 2));
    others.put("head", Arrays.copyOf(lossy, 40));
    others.put("almost nothing", Arrays.copyOf(lossy, 13));
    others.put("nothing", new byte[0]);
    others.put("unknown first chunk", unknown);
    others.put("damaged", damaged);
    others.put("another size", Pictures.webp(STORED.width() - 1, STORED.height()));
    others.put("a larger size", Pictures.webp(STORED.width() + 40, STORED.height() + 40));
    return others;
  }

  static Stream<String> othersByName() {
    return others().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("othersByName")
  void whateverElseIsLeftToLibvips(String name) {
    byte[] webp = others().get(name);

    assertThat(pixels(webp, STORED, STORED)).isEmpty();
    assertThat(pixels(webp, STORED, new Dimensions(50, 40))).isEmpty();
    for (List<RenderStep> steps :
        List.of(
            List.<RenderStep>of(),
            List.<RenderStep>of(
                new RenderStep.Shrink(new Dimensions(48, 32), RenderStep.Quality.FAST)))) {
      assertThat(rendered(webp, Orientation.UPRIGHT, steps, true))
          .isEqualTo(rendered(webp, Orientation.UPRIGHT, steps, false));
    }
  }

  /** No byte that is missing goes unnoticed, and nothing is read behind the end. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsCutShortIsLeftToLibvips(boolean lossless) {
    byte[] webp = lossless ? Pictures.webpLossless(40, 30) : Pictures.webp(40, 30);
    Dimensions stored = new Dimensions(40, 30);
    assertThat(pixels(webp, stored, stored)).isPresent();
    for (int length = 0; length < webp.length - 3; length++) {
      assertThat(pixels(Arrays.copyOf(webp, length), stored, stored)).as("%d", length).isEmpty();
    }
  }
}
