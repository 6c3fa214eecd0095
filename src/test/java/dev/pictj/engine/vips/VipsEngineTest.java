package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.PictureHeader;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class VipsEngineTest {
  private static final List<MediaType> TARGETS =
      List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP);
  private static final List<RenderStep> SMALLER =
      List.of(new RenderStep.Shrink(new Dimensions(30, 20), RenderStep.Quality.LANCZOS2));

  @TempDir Path folder;
  @TempDir Path work;
  private final VipsEngine engine = Engines.alone();
  private static final long MIB = 1 << 20;

  private Path out;

  @BeforeEach
  void nameTheOutput() {
    out = folder.resolve("out");
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    engine.close();
    try (var parts = Files.list(folder)) {
      assertThat(parts.filter(part -> part.toString().endsWith(".tmp"))).isEmpty();
    }
    // Threads of the library give back what they held a moment after the work has ended.
    await().until(() -> Engines.vips().trackedBytes() == 0);
  }

  private Path file(byte[] bytes) throws Exception {
    return Files.write(folder.resolve("source"), bytes);
  }

  private void render(ImageEngine with, byte[] bytes, List<RenderStep> steps, MediaType target)
      throws Exception {
    Path source = file(bytes);
    with.render(source, new HeaderProbe().probe(source), steps, target, out);
  }

  @ParameterizedTest
  @EnumSource(Orientation.class)
  void turnsAsImageMagickDoes(Orientation orientation) throws Exception {
    Path source = file(Pictures.cornerPng());
    Probed probed = new Probed(MediaType.PNG, new Dimensions(64, 48), 1, orientation, false);
    Path expected = folder.resolve("expected");

    engine.convert(source, probed, MediaType.PNG, out);
    Engines.magick(work).convert(source, probed, MediaType.PNG, expected);

    BufferedImage found = ImageIO.read(out.toFile());
    assertThat(new Dimensions(found.getWidth(), found.getHeight()))
        .isEqualTo(orientation.upright(new Dimensions(64, 48)));
    assertThat(Likeness.distance(ImageIO.read(expected.toFile()), found)).isZero();
  }

  @Test
  void keepsNothingButPixels() throws Exception {
    byte[] source = JpegSegments.withEverything(Pictures.jpeg(60, 40), 1);
    for (MediaType target : TARGETS) {
      render(engine, source, SMALLER, target);

      assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
          .doesNotContain("Exif", "EXIF", "eXIf", "http://ns.adobe.com", "XMP ", "Photoshop");
    }
  }

  @Test
  void keepsTheColourProfileAndNothingElse() throws Exception {
    byte[] source = JpegSegments.withIcc(JpegSegments.withEverything(Pictures.jpeg(60, 40), 1));
    render(engine, source, SMALLER, MediaType.JPEG);
    assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
        .contains("ICC_PROFILE\0")
        .doesNotContain("Exif\0");

    render(engine, source, SMALLER, MediaType.PNG);
    assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
        .contains("iCCP")
        .doesNotContain("eXIf", "tEXt", "iTXt");

    render(engine, source, SMALLER, MediaType.WEBP);
    assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
        .contains("ICCP")
        .doesNotContain("EXIF");
  }

  @Test
  void aJpegKeepsItsQualityUnlessThatIsBadAndItsColourSampling() throws Exception {
    for (int quality : new int[] {30, 75, 95}) {
      Path source = file(Pictures.jpegQuality(64, 48, quality / 100f));
      assertThat(JpegTraits.of(source).quality()).isEqualTo(quality);
      engine.convert(source, new HeaderProbe().probe(source), MediaType.JPEG, out);

      assertThat(JpegTraits.of(out))
          .isEqualTo(new JpegTraits(Math.max(75, quality), JpegTraits.Chroma.QUARTER));
    }
  }

  @Test
  void aLosslessWebpStaysLosslessWhenOnlyConverted() throws Exception {
    render(engine, Pictures.webpLossless(40, 30), List.of(), MediaType.WEBP);
    assertThat(PictureHeader.isLossless(out)).isTrue();
    render(engine, Pictures.webpLossless(40, 30), SMALLER, MediaType.WEBP);
    assertThat(PictureHeader.isLossless(out)).isFalse();
  }

  @Test
  void leavesToTheReferenceEngineWhatItDoesNotDoAsWell() throws Exception {
    byte[] strangeGamma =
        PngChunks.withChunk(
            Pictures.png(40, 30), "gAMA", new byte[] {0, 1, (byte) 0x86, (byte) 0xA0});
    for (byte[] bytes :
        List.of(
            Pictures.jpegCmyk(40, 30),
            Pictures.pngPalette(40, 30),
            Pictures.pngGrey16(40, 30),
            strangeGamma)) {
      assertThatThrownBy(() -> render(engine, bytes, SMALLER, MediaType.PNG))
          .isInstanceOf(EngineException.class)
          .hasMessage("asked the reference engine to render");
    }
    Path any = file(Pictures.png(40, 30));
    assertThatThrownBy(() -> engine.verify(any, new HeaderProbe().probe(any)))
        .hasMessage("asked the reference engine to verify");
  }

  @Test
  void whatItFailsOnIsTriedByTheReferenceEngine() throws Exception {
    Path source = file(Bombs.half(Pictures.jpeg(400, 300)));
    Probed probed =
        new Probed(MediaType.JPEG, new Dimensions(400, 300), 1, Orientation.UPRIGHT, false);

    assertThatThrownBy(() -> engine.render(source, probed, SMALLER, MediaType.PNG, out))
        .hasMessage("asked the reference engine to render");
    assertThat(out).doesNotExist();
    // ImageMagick shows what there is.
    try (VipsEngine both = Engines.vips(Engines.magick(work), Duration.ofSeconds(30), 1 << 30)) {
      both.render(source, probed, SMALLER, MediaType.PNG, out);
    }
    assertThat(new HeaderProbe().probe(out).dimensions()).isEqualTo(new Dimensions(30, 20));
  }

  @Test
  void refusesMorePixelsThanAllowed() throws Exception {
    Path source = file(Pictures.png(40, 30));
    Probed probed =
        new Probed(MediaType.PNG, new Dimensions(20_000, 30), 1, Orientation.UPRIGHT, false);

    assertThatThrownBy(() -> engine.convert(source, probed, MediaType.PNG, out))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WIDTH));
  }

  @Test
  void refusesToWriteMoreThanAllowed() throws Exception {
    try (VipsEngine tight = Engines.vips(new Nobody(), Duration.ofSeconds(30), 100)) {
      assertThatThrownBy(() -> render(tight, Pictures.png(300, 300), List.of(), MediaType.PNG))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE));
    }
    assertThat(out).doesNotExist();
  }

  @Test
  void stopsWhenItsTimeIsOver() throws Exception {
    byte[] large = Pictures.png(3000, 2000);
    try (VipsEngine hasty = Engines.vips(new Nobody(), Duration.ofMillis(20), 1 << 30)) {
      assertThatThrownBy(
              () -> render(hasty, large, List.of(new RenderStep.Blur(1.05)), MediaType.WEBP))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE));
    }
    assertThat(out).doesNotExist();
  }

  /**
   * While pixels are computed. One that comes while libwebp encodes them has libvips 8.14 keep the
   * picture for ever, which is not mended and happens within the server's own process only.
   */
  @Test
  void stopsWhenItsCallerIsInterrupted() throws Exception {
    byte[] large = Pictures.png(3000, 2000);
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    render(engine, large, List.of(new RenderStep.Blur(1.05)), MediaType.WEBP);
                  } catch (Throwable e) {
                    seen.set(e);
                  }
                });
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> Engines.vips().trackedBytes() > MIB || !caller.isAlive());
    caller.interrupt();
    caller.join();

    assertThat(seen.get()).isInstanceOf(InterruptedException.class);
    assertThat(out).doesNotExist();
  }

  @Test
  void holdsNothingAfterManyRenderings() throws Exception {
    List<byte[]> sources =
        List.of(
            Pictures.jpeg(320, 200),
            Pictures.pngAlpha(320, 200),
            Pictures.webp(320, 200),
            Bombs.half(Pictures.jpeg(320, 200)));
    long before = 0;
    for (int i = 0; i < 1300; i++) {
      byte[] bytes = sources.get(i % sources.size());
      try {
        render(
            engine,
            bytes,
            List.of(
                new RenderStep.Shrink(new Dimensions(32, 20), RenderStep.Quality.LANCZOS2),
                new RenderStep.Blur(1.2)),
            TARGETS.get(i % TARGETS.size()));
      } catch (EngineException expected) {
        assertThat(i % sources.size()).isEqualTo(3);
      }
      if (i == 500) {
        before = residentBytes();
      }
    }
    // A picture of 256,000 bytes lost each time one kind is rendered would come to 51 MB.
    assertThat(residentBytes() - before).isLessThan(40 << 20);
  }

  private static long residentBytes() throws Exception {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]) * 4096;
  }
}
