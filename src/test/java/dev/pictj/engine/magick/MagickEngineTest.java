package dev.pictj.engine.magick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.EncoderSettings;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.Verification;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.metadata.PictureHeader;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.AnimatedPngs;
import dev.pictj.pictures.AnimatedWebps;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WebpChunks;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class MagickEngineTest {
  private static final Limits LIMITS = new Limits(5000, 5000, 20_000_000, 50);

  @TempDir Path folder;
  @TempDir Path work;
  private MagickEngine engine;

  @BeforeEach
  void start() throws Exception {
    engine = engine(Duration.ofSeconds(20));
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    try (var runs = Files.list(work.resolve("magick"));
        var parts = Files.list(folder)) {
      assertThat(runs.filter(Files::isDirectory)).isEmpty();
      assertThat(parts.filter(p -> p.toString().endsWith(".tmp"))).isEmpty();
    }
  }

  private MagickEngine engine(Duration timeout) throws Exception {
    return MagickEngine.start(
        MagickTools.find(List.of(Path.of("/usr/bin"))),
        UsualLimits.ofMagick(),
        new PictureRules(LIMITS, timeout, EncoderSettings.USUAL),
        new ChildRunner(work, Sandboxes.best(work)));
  }

  private static Probed still(MediaType type, int width, int height) {
    return new Probed(type, new Dimensions(width, height), 1, Orientation.UPRIGHT, false);
  }

  /** Four quarters: red, green, blue, white from the upper left, row by row. */
  private Path quarters(String format, int width, int height) throws Exception {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean left = x < width / 2;
        boolean top = y < height / 2;
        Color color = top ? (left ? Color.RED : Color.GREEN) : (left ? Color.BLUE : Color.WHITE);
        image.setRGB(x, y, color.getRGB());
      }
    }
    File file = folder.resolve("quarters." + format).toFile();
    ImageIO.write(image, format, file);
    return file.toPath();
  }

  private Path magick(String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of("/usr/bin/convert"));
    line.addAll(Arrays.asList(words));
    Process process = new ProcessBuilder(line).directory(folder.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    return folder.resolve(words[words.length - 1].replaceFirst("^[a-z]+:", ""));
  }

  private BufferedImage pixels(Path file) throws Exception {
    magick(file.toString(), "-alpha", "off", "png:decoded.png");
    return ImageIO.read(folder.resolve("decoded.png").toFile());
  }

  private static void assertNear(BufferedImage image, int x, int y, Color expected) {
    Color found = new Color(image.getRGB(x, y));
    assertThat(
            Math.abs(found.getRed() - expected.getRed())
                + Math.abs(found.getGreen() - expected.getGreen())
                + Math.abs(found.getBlue() - expected.getBlue()))
        .as("%s at %d,%d instead of %s", found, x, y, expected)
        .isLessThan(40);
  }

  @Test
  void verifiesSoundPictures() throws Exception {
    assertThat(engine.verify(quarters("png", 40, 30), still(MediaType.PNG, 40, 30)))
        .isEqualTo(new Verification(new Dimensions(40, 30), 1, true, VerifiedBy.REFERENCE));
    assertThat(engine.verify(quarters("jpg", 40, 30), still(MediaType.JPEG, 40, 30)))
        .isEqualTo(new Verification(new Dimensions(40, 30), 1, true, VerifiedBy.REFERENCE));
    Path webp = magick("quarters.png", "webp:q.webp");
    assertThat(engine.verify(webp, still(MediaType.WEBP, 40, 30)).clean()).isTrue();
    Path gif = magick("quarters.png", "gif:q.gif");
    assertThat(engine.verify(gif, still(MediaType.GIF, 40, 30)).clean()).isTrue();
  }

  /** It would see the other picture. */
  @Test
  void anAnimationThatHidesItsFramesIsRefusedByName() throws Exception {
    Path apng = Files.write(folder.resolve("a.png"), AnimatedPngs.hidingFrames(40, 30, 2));
    Probed probed = new HeaderProbe().probe(apng);
    assertThatThrownBy(
            () -> engine.convert(apng, probed, MediaType.PNG, folder.resolve("still.png")))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("can only be rendered by libvips");
  }

  @Test
  void refusesAHeaderThatLies() throws Exception {
    Path png = quarters("png", 40, 30);

    assertThatThrownBy(() -> engine.verify(png, still(MediaType.PNG, 41, 30)))
        .isInstanceOf(MediaException.class)
        .hasMessage("Image header says 41x30, but its pixels say 40x30");
  }

  @Test
  void aJpegCutShortIsReadableButNotClean() throws Exception {
    Path jpeg = quarters("jpg", 400, 300);
    byte[] whole = Files.readAllBytes(jpeg);
    Files.write(jpeg, Arrays.copyOf(whole, whole.length * 2 / 3));

    assertThat(engine.verify(jpeg, still(MediaType.JPEG, 400, 300)).clean()).isFalse();
  }

  @Test
  void refusesDamagedPicturesWithoutNamingPaths() throws Exception {
    Path png = magick("-size", "300x200", "plasma:red-blue", "png:p.png");
    Files.write(png, Arrays.copyOf(Files.readAllBytes(png), 60));
    Path text = Files.writeString(folder.resolve("t.jpg"), "no picture");

    for (var call : List.of(png, text)) {
      MediaType type = call == png ? MediaType.PNG : MediaType.JPEG;
      assertThatThrownBy(() -> engine.verify(call, still(type, 300, 200)))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
          .hasMessageStartingWith("Image cannot be read: ")
          .hasMessageNotContaining("/");
    }
  }

  @Test
  void refusesWhatTakesTooLong() throws Exception {
    Path png = magick("-size", "3000x3000", "plasma:red-blue", "png:p.png");

    assertThatThrownBy(
            () -> engine(Duration.ofMillis(30)).verify(png, still(MediaType.PNG, 3000, 3000)))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE));
  }

  @Test
  void refusesWhatTakesTooMuchMemoryEvenWhenImageMagickWouldAllowIt() throws Exception {
    Path png = magick("-size", "3000x3000", "xc:red", "png:p.png");
    Path out = folder.resolve("o.webp");

    // 72 MB of pixels are far from its own limit, but libwebp needs as much again. ImageMagick may
    // say so, or fall over a check of its own, in which case the picture is blamed in other words.
    assertThatThrownBy(
            () ->
                limited(150_000_000, 512L << 20)
                    .convert(png, still(MediaType.PNG, 3000, 3000), MediaType.WEBP, out))
        .isInstanceOf(MediaException.class);
    assertThat(out).doesNotExist();
  }

  @Test
  void refusesWhatIsTooLargeWhenWritten() throws Exception {
    Path png = magick("-size", "300x300", "plasma:red-blue", "png:p.png");
    Path out = folder.resolve("o.png");

    assertThatThrownBy(
            () ->
                limited(UsualLimits.ofMagick().addressBytes(), 1000)
                    .convert(png, still(MediaType.PNG, 300, 300), MediaType.PNG, out))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE));
    assertThat(out).doesNotExist();
  }

  private MagickEngine limited(long addressBytes, long outputBytes) throws Exception {
    MagickLimits usual = UsualLimits.ofMagick();
    return MagickEngine.start(
        MagickTools.find(List.of(Path.of("/usr/bin"))),
        new MagickLimits(
            usual.memoryBytes(),
            usual.mapBytes(),
            usual.diskBytes(),
            usual.threads(),
            addressBytes,
            usual.tempBytes(),
            outputBytes),
        new PictureRules(LIMITS, Duration.ofSeconds(20), EncoderSettings.USUAL),
        new ChildRunner(work, Sandboxes.best(work)));
  }

  @Test
  void refusesToRenderBeyondTheLimits() throws Exception {
    Path out = folder.resolve("o.png");

    assertThatThrownBy(
            () ->
                engine.convert(
                    quarters("png", 40, 30), still(MediaType.PNG, 6000, 30), MediaType.PNG, out))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WIDTH));
    assertThat(out).doesNotExist();
  }

  @Test
  void turnsEveryOrientationUpright() throws Exception {
    Path source = quarters("png", 40, 20);
    // Upper left and lower left corner of the upright picture.
    Color[][] corners = {
      {Color.RED, Color.BLUE},
      {Color.GREEN, Color.WHITE},
      {Color.WHITE, Color.GREEN},
      {Color.BLUE, Color.RED},
      {Color.RED, Color.GREEN},
      {Color.BLUE, Color.WHITE},
      {Color.WHITE, Color.BLUE},
      {Color.GREEN, Color.RED}
    };
    for (int tag = 1; tag <= 8; tag++) {
      Orientation orientation = Orientation.ofTag(tag);
      Path out = folder.resolve("o.png");
      engine.convert(
          source,
          new Probed(MediaType.PNG, new Dimensions(40, 20), 1, orientation, false),
          MediaType.PNG,
          out);
      BufferedImage image = pixels(out);
      assertThat(new Dimensions(image.getWidth(), image.getHeight()))
          .isEqualTo(orientation.upright(new Dimensions(40, 20)));
      assertNear(image, 2, 2, corners[tag - 1][0]);
      assertNear(image, 2, image.getHeight() - 3, corners[tag - 1][1]);
    }
  }

  @Test
  void appliesStepsInOrderAfterTurning() throws Exception {
    Path jpeg = quarters("jpg", 800, 400);
    Path out = folder.resolve("o.webp");

    engine.render(
        jpeg,
        new Probed(MediaType.JPEG, new Dimensions(800, 400), 1, Orientation.QUARTER_TURN, false),
        List.of(
            new RenderStep.Shrink(new Dimensions(100, 200), RenderStep.Quality.FAST),
            new RenderStep.Crop(new Dimensions(50, 200), 50, 0),
            new RenderStep.Shrink(new Dimensions(25, 100), RenderStep.Quality.LANCZOS2),
            new RenderStep.Blur(1)),
        MediaType.WEBP,
        out);

    BufferedImage image = pixels(out);
    assertThat(image.getWidth()).isEqualTo(25);
    assertThat(image.getHeight()).isEqualTo(100);
    assertNear(image, 12, 20, Color.RED);
    assertNear(image, 12, 80, Color.GREEN);
  }

  @Test
  void blursAsFarAsAsked() throws Exception {
    Path png = quarters("png", 400, 400);
    for (double sigma : new double[] {0.5, 1.5, 3, 10, 60, 100}) {
      Path out = folder.resolve("o.png");
      engine.render(
          png,
          still(MediaType.PNG, 400, 400),
          List.of(new RenderStep.Blur(sigma)),
          MediaType.PNG,
          out);
      BufferedImage image = pixels(out);
      assertThat(image.getWidth()).isEqualTo(400);
      if (sigma >= 10 && sigma <= 60) {
        // One sigma into the red quarter, 84 % of the weight is still left of the edge.
        int x = (int) Math.round(200 - sigma);
        assertThat(new Color(image.getRGB(x, 5)).getRed()).isBetween(204, 234);
      }
    }
  }

  @Test
  void blurDoesNotMixInTheColourOfWhatIsInvisible() throws Exception {
    Path png =
        magick(
            "-size",
            "200x100",
            "xc:none",
            "-fill",
            "rgb(220,60,60)",
            "-draw",
            "rectangle 0,0 99,99",
            "png:f.png");
    for (double sigma : new double[] {0.8, 1, 3, 5, 12}) {
      Path out = folder.resolve("o.png");
      engine.render(
          png,
          still(MediaType.PNG, 200, 100),
          List.of(new RenderStep.Blur(sigma)),
          MediaType.PNG,
          out);
      BufferedImage image = ImageIO.read(out.toFile());
      int faded = 0;
      for (int x = 0; x < 200; x++) {
        Color colour = new Color(image.getRGB(x, 50), true);
        // Where next to nothing is left of it a colour has no precision.
        if (colour.getAlpha() > 20) {
          faded += colour.getAlpha() < 235 ? 1 : 0;
          assertThat(colour.getRed()).as("sigma %s at %s", sigma, x).isBetween(208, 232);
          assertThat(colour.getGreen()).isBetween(48, 72);
        }
      }
      assertThat(faded).isPositive();
    }
  }

  @Test
  void laysTransparencyOnWhiteInJpeg() throws Exception {
    Path png = magick("-size", "20x20", "xc:none", "png:n.png");
    Path out = folder.resolve("o.jpg");

    engine.convert(png, still(MediaType.PNG, 20, 20), MediaType.JPEG, out);

    assertNear(pixels(out), 10, 10, Color.WHITE);
  }

  @Test
  void takesOffCommentsAndText() throws Exception {
    Path png =
        magick(
            "-size",
            "20x20",
            "xc:red",
            "-set",
            "comment",
            "secretword",
            "-set",
            "Author",
            "secretword",
            "png:c.png");
    Path jpeg = magick("png:c.png", "-set", "comment", "secretword", "jpeg:c.jpg");
    for (MediaType target : List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP)) {
      Path out = folder.resolve("o");
      engine.convert(png, still(MediaType.PNG, 20, 20), target, out);
      assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
          .doesNotContain("secretword", "tEXt", "tIME");
      engine.convert(jpeg, still(MediaType.JPEG, 20, 20), target, out);
      assertThat(Files.readString(out, StandardCharsets.ISO_8859_1)).doesNotContain("secretword");
    }
  }

  /** ImageMagick passes on what comes behind a profile. */
  @Test
  void takesOffWhatComesBehindAProfile() throws Exception {
    byte[] srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    byte[] more = Bytes.join(srgb, Bytes.ascii("secretword"));
    Path source =
        Files.write(folder.resolve("p.jpg"), JpegSegments.withIcc(Pictures.jpeg(40, 30), more));
    for (MediaType target : List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP)) {
      Path out = folder.resolve("o");
      engine.convert(source, still(MediaType.JPEG, 40, 30), target, out);
      assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
          .as("%s", target)
          .doesNotContain("secretword")
          .containsAnyOf("ICC_PROFILE", "iCCP", "ICCP");
    }
  }

  @Test
  void bringsCmykToSrgb() throws Exception {
    Path jpeg = magick("-size", "20x20", "xc:red", "-colorspace", "CMYK", "jpeg:k.jpg");
    Path out = folder.resolve("o.png");

    engine.convert(
        jpeg,
        new Probed(MediaType.JPEG, new Dimensions(20, 20), 1, Orientation.UPRIGHT, true),
        MediaType.PNG,
        out);

    assertNear(pixels(out), 10, 10, Color.RED);
  }

  private byte[] rendered(byte[] webp, List<RenderStep> steps, MediaType target) throws Exception {
    Path source = Files.write(folder.resolve("animation"), webp);
    Probed probed = new HeaderProbe().probe(source);
    Path output = folder.resolve("rendered");
    engine.render(source, probed, steps, target, output);
    return Files.readAllBytes(output);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 65_535})
  void anAnimationKeepsItsTimesWhereItsFramesStandForThemselves(int loops) throws Exception {
    List<AnimatedWebps.Frame> frames = new ArrayList<>();
    for (int time : new int[] {2000, 33, 0, 1, 0xFFFFFF}) {
      int colour = frames.size() % 2 == 0 ? 0xFFFF0000 : 0xFF0000FF;
      frames.add(AnimatedWebps.plain(colour, 64, 48, time));
    }
    byte[] source = AnimatedWebps.of(64, 48, loops, 0x11223344, frames);
    byte[] made =
        rendered(
            source,
            List.of(new RenderStep.Shrink(new Dimensions(32, 24), RenderStep.Quality.FAST)),
            MediaType.WEBP);
    assertThat(AnimatedWebps.times(made)).isEqualTo(AnimatedWebps.times(source));
    assertThat(AnimatedWebps.loops(made)).isEqualTo(loops);
    assertThat(AnimatedWebps.background(made)).isEqualTo(0x11223344);
    for (BufferedImage canvas : AnimatedWebps.canvases(made)) {
      assertThat(canvas.getWidth()).isEqualTo(32);
    }
  }

  @Test
  void refusesToAnimateWhatItWouldSpoil() throws Exception {
    List<AnimatedWebps.Frame> alike = new ArrayList<>();
    List<AnimatedWebps.Frame> sticker = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      alike.add(AnimatedWebps.plain(0xFFFF0000, 64, 48, 50));
      sticker.add(AnimatedWebps.frame(0xFFFF0000, 20, 16, 10 + 2 * i, 8, 50, false, true));
    }
    byte[] coloured =
        AnimatedWebps.of(
            64,
            48,
            0,
            0,
            List.of(
                AnimatedWebps.plain(0xFFFF0000, 64, 48, 50),
                AnimatedWebps.plain(0xFF0000FF, 64, 48, 50)));
    for (byte[] source :
        List.of(
            AnimatedWebps.of(64, 48, 0, 0, alike),
            AnimatedWebps.of(64, 48, 0, 0, sticker),
            WebpChunks.withIcc(coloured, 64, 48))) {
      assertThatThrownBy(() -> rendered(source, List.of(), MediaType.WEBP))
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("can only be rendered by libvips");
    }
  }

  @Test
  void aStillIsTheFirstFrameOnItsCanvasAndNoOtherIsDecoded() throws Exception {
    for (int count = 1; count <= 2; count++) {
      AnimatedWebps.Frame frame = AnimatedWebps.frame(0xFFFF0000, 20, 16, 10, 8, 50, false, false);
      byte[] source =
          WebpChunks.withIcc(
              AnimatedWebps.of(64, 48, 0, 0, Collections.nCopies(count, frame)), 64, 48);
      Path file = Files.write(folder.resolve("sticker"), source);
      Verification found = engine.verify(file, new HeaderProbe().probe(file));
      assertThat(found.dimensions()).isEqualTo(new Dimensions(64, 48));
      assertThat(found.frames()).isEqualTo(count);
      if (count > 1) {
        Arrays.fill(source, source.length - 10, source.length, (byte) 0xFF);
      }
      byte[] made = rendered(source, List.of(), MediaType.PNG);
      assertThat(Bytes.find(made, "iCCP")).isPositive();
      BufferedImage still = ImageIO.read(new ByteArrayInputStream(made));
      assertThat(still.getWidth()).isEqualTo(64);
      assertThat(still.getHeight()).isEqualTo(48);
      assertThat(still.getRGB(2, 2) >>> 24).isZero();
      assertThat(still.getRGB(40, 30) >>> 24).isZero();
      assertThat(still.getRGB(12, 10)).isEqualTo(0xFFFF0000);
    }
  }

  @Test
  void keepsAnimatedWebpAnimatedAndTakesItsFirstFrameElsewhere() throws Exception {
    Path webp =
        magick("-delay", "10", "-size", "60x40", "xc:red", "xc:lime", "xc:blue", "webp:a.webp");
    Probed probed =
        new Probed(MediaType.WEBP, new Dimensions(60, 40), 3, Orientation.UPRIGHT, false);
    Path small = folder.resolve("s.webp");
    List<RenderStep> steps =
        List.of(new RenderStep.Shrink(new Dimensions(30, 20), RenderStep.Quality.LANCZOS2));

    assertThat(engine.verify(webp, probed).frames()).isEqualTo(3);
    engine.render(webp, probed, steps, MediaType.WEBP, small);
    assertThat(
            engine
                .verify(
                    small,
                    new Probed(
                        MediaType.WEBP, new Dimensions(30, 20), 3, Orientation.UPRIGHT, false))
                .frames())
        .isEqualTo(3);
    Path first = folder.resolve("f.png");
    engine.render(webp, probed, steps, MediaType.PNG, first);
    assertNear(ImageIO.read(first.toFile()), 15, 10, Color.RED);
  }

  @Test
  void aLosslessWebpStaysLossless() throws Exception {
    quarters("png", 40, 30);
    Path webp = magick("quarters.png", "-define", "webp:lossless=true", "webp:l.webp");
    Path out = folder.resolve("o.webp");

    engine.convert(webp, still(MediaType.WEBP, 40, 30), MediaType.WEBP, out);

    assertThat(PictureHeader.isLossless(out)).isTrue();
  }

  @Test
  void aGifLargerThanItsScreenIsShownWhole() throws Exception {
    byte[] gif = Pictures.gif(32, 24, 1);
    gif[6] = 7;
    gif[8] = 9;
    Path source = Files.write(folder.resolve("small-screen.gif"), gif);
    Path output = folder.resolve("small-screen.png");
    engine(Duration.ofSeconds(30))
        .convert(source, still(MediaType.GIF, 32, 24), MediaType.PNG, output);
    BufferedImage shown = pixels(output);
    assertThat(shown.getWidth()).isEqualTo(32);
    assertThat(shown.getHeight()).isEqualTo(24);
  }
}
