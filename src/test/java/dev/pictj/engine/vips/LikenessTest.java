package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * libvips makes of every format, by every operation, what ImageMagick makes of it: sizes exactly,
 * pixels nearly. Where nothing is lost in writing, the mean difference is below 1 % of the range of
 * a channel. Encoders that lose something lose it differently when a pixel differs: there it is
 * below 2.5 %.
 */
@Tag("slow")
class LikenessTest {
  private static final int WIDTH = 305;
  private static final int HEIGHT = 203;

  @TempDir static Path folder;
  private static ImageEngine magick;
  private static VipsEngine vips;

  @BeforeAll
  static void start() throws Exception {
    magick = Engines.magick(Files.createDirectory(folder.resolve("work")));
    vips = Engines.alone();
  }

  @AfterAll
  static void stop() {
    vips.close();
  }

  private static Map<String, byte[]> sources() {
    Map<String, byte[]> sources = new LinkedHashMap<>();
    sources.put("jpeg", Pictures.jpeg(WIDTH, HEIGHT));
    sources.put("jpeg-fine", Pictures.jpegQuality(WIDTH, HEIGHT, 0.97f));
    sources.put("jpeg-progressive", Pictures.jpegProgressive(WIDTH, HEIGHT));
    sources.put("jpeg-grey", Pictures.jpegGrey(WIDTH, HEIGHT));
    sources.put("png", Pictures.png(WIDTH, HEIGHT));
    sources.put("png-alpha", Pictures.pngAlpha(WIDTH, HEIGHT));
    sources.put("png-interlaced", Pictures.pngInterlaced(WIDTH, HEIGHT));
    sources.put("png-palette", Pictures.pngPalette(WIDTH, HEIGHT));
    sources.put("png-bilevel", Pictures.pngBilevel(WIDTH, HEIGHT));
    sources.put("png-grey", Pictures.pngGrey(WIDTH, HEIGHT));
    sources.put("png-grey16", Pictures.pngGrey16(WIDTH, HEIGHT));
    sources.put("webp", Pictures.webp(WIDTH, HEIGHT));
    sources.put("webp-lossless", Pictures.webpLossless(WIDTH, HEIGHT));
    sources.put("webp-alpha", Pictures.webpAlpha(WIDTH, HEIGHT));
    return sources;
  }

  private static Map<String, List<RenderStep>> operations() {
    Map<String, List<RenderStep>> operations = new LinkedHashMap<>();
    Dimensions small = new Dimensions(48, 32);
    Dimensions half = new Dimensions(150, 100);
    operations.put("none", List.of());
    operations.put("thumbnail", List.of(new RenderStep.Shrink(small, RenderStep.Quality.FAST)));
    operations.put("thumbnail-half", List.of(new RenderStep.Shrink(half, RenderStep.Quality.FAST)));
    operations.put("resize", List.of(new RenderStep.Shrink(small, RenderStep.Quality.LANCZOS2)));
    operations.put(
        "resize-half", List.of(new RenderStep.Shrink(half, RenderStep.Quality.LANCZOS2)));
    operations.put(
        "resize-little",
        List.of(
            new RenderStep.Shrink(
                new Dimensions(WIDTH - 30, HEIGHT - 20), RenderStep.Quality.LANCZOS2)));
    operations.put("crop", List.of(new RenderStep.Crop(new Dimensions(HEIGHT, HEIGHT), 51, 0)));
    operations.put("blur-little", List.of(new RenderStep.Blur(0.7)));
    operations.put("blur", List.of(new RenderStep.Blur(1.7)));
    operations.put("blur-more", List.of(new RenderStep.Blur(5.3)));
    operations.put("blur-most", List.of(new RenderStep.Blur(60)));
    operations.put(
        "chain",
        List.of(
            new RenderStep.Crop(new Dimensions(HEIGHT, HEIGHT), 51, 0),
            new RenderStep.Shrink(new Dimensions(100, 100), RenderStep.Quality.LANCZOS2),
            new RenderStep.Blur(2.5),
            new RenderStep.Shrink(new Dimensions(60, 60), RenderStep.Quality.FAST)));
    operations.put(
        "chain-down",
        List.of(
            new RenderStep.Shrink(half, RenderStep.Quality.FAST),
            new RenderStep.Crop(new Dimensions(100, 100), 25, 0)));
    return operations;
  }

  record Case(String source, byte[] bytes, String operation, List<RenderStep> steps) {
    @Override
    public String toString() {
      return source + " " + operation;
    }
  }

  static Stream<Case> cases() {
    return sources().entrySet().stream()
        .flatMap(
            source ->
                operations().entrySet().stream()
                    .map(
                        operation ->
                            new Case(
                                source.getKey(),
                                source.getValue(),
                                operation.getKey(),
                                operation.getValue())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bothEnginesMakeTheSame(Case one) throws Exception {
    Path source = Files.write(folder.resolve("source"), one.bytes());
    Probed probed = new HeaderProbe().probe(source);
    for (MediaType target : targets(one)) {
      Path expected = folder.resolve("expected." + target.extension());
      Path found = folder.resolve("found." + target.extension());
      magick.render(source, probed, one.steps(), target, expected);
      vips.render(source, probed, one.steps(), target, found);

      Probed header = new HeaderProbe().probe(found);
      assertThat(header.type()).isEqualTo(target);
      assertThat(header.dimensions()).isEqualTo(new HeaderProbe().probe(expected).dimensions());
      assertThat(Likeness.distance(ImageIO.read(expected.toFile()), ImageIO.read(found.toFile())))
          .as("%s as %s", one, target)
          .isLessThan(target == MediaType.PNG ? 2.55 : 6.4);
    }
  }

  /** ImageMagick is slow, so the lossy ones are not made of everything. */
  private static List<MediaType> targets(Case one) {
    List<MediaType> targets = new ArrayList<>();
    if (!one.source().matches("png-(palette|bilevel|grey16)")) {
      targets.add(MediaType.PNG);
    }
    if (targets.isEmpty() || List.of("none", "thumbnail", "chain").contains(one.operation())) {
      targets.addAll(List.of(MediaType.JPEG, MediaType.WEBP));
    }
    return targets;
  }
}
