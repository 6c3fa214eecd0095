package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.pictures.AnimatedWebps;
import dev.pictj.pictures.AnimatedWebps.Frame;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WebpChunks;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compared with a compositor of the test's own. */
class AnimatedWebpTest {
  private static final int RED = 0xFFFF0000;
  private static final int GREEN = 0xFF00FF00;
  private static final int BLUE = 0xFF0000FF;
  private static final int HALF_GREEN = 0x8000FF00;
  private static final int NOTHING = 0;
  private static final List<RenderStep> HALVED =
      List.of(new RenderStep.Shrink(new Dimensions(32, 24), RenderStep.Quality.FAST));

  @TempDir Path folder;
  private final VipsEngine engine = Engines.alone();

  private byte[] render(byte[] webp, List<RenderStep> steps, MediaType target) throws Exception {
    Path source = Files.write(folder.resolve("source"), webp);
    Path out = folder.resolve("out");
    engine.render(source, new HeaderProbe().probe(source), steps, target, out);
    if (target == MediaType.WEBP) {
      new HeaderProbe().probe(out);
    }
    return Files.readAllBytes(out);
  }

  /** Every rule of laying one frame on another. */
  private static byte[] everything(boolean lossless) {
    List<Frame> frames = new ArrayList<>();
    int[] colours = {RED, HALF_GREEN, BLUE, NOTHING};
    for (int i = 0; i < 16; i++) {
      byte[] still = AnimatedWebps.still(colours[i / 2 % 4], 20, 16, lossless || i % 3 == 0);
      frames.add(new Frame(still, 20, 16, i % 5 * 10, i % 3 * 14, 20 + i, i % 2 == 0, i % 4 >= 2));
    }
    return AnimatedWebps.of(64, 48, 3, 0x11223344, frames);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void laysFramesOnOneAnotherAsTheFormatSays(boolean lossless) throws Exception {
    byte[] source = everything(lossless);
    byte[] made = render(source, List.of(), MediaType.WEBP);
    assertThat(AnimatedWebps.times(made)).isEqualTo(AnimatedWebps.times(source));
    assertThat(AnimatedWebps.loops(made)).isEqualTo(3);
    assertThat(AnimatedWebps.background(made)).isEqualTo(0x11223344);
    List<BufferedImage> expected = AnimatedWebps.canvases(source);
    List<BufferedImage> found = AnimatedWebps.canvases(made);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertLike(found.get(i), expected.get(i), "frame " + i, 3);
    }
  }

  private static void assertLike(
      BufferedImage found, BufferedImage expected, String what, int most) {
    assertThat(found.getWidth()).isEqualTo(expected.getWidth());
    assertThat(found.getHeight()).isEqualTo(expected.getHeight());
    for (int y = 0; y < expected.getHeight(); y++) {
      for (int x = 0; x < expected.getWidth(); x++) {
        int is = found.getRGB(x, y);
        int was = expected.getRGB(x, y);
        for (int shift = 0; shift <= 24; shift += 8) {
          assertThat(Math.abs((is >>> shift & 0xFF) - (was >>> shift & 0xFF)))
              .as("%s at %d,%d: %08x not %08x", what, x, y, is, was)
              .isLessThanOrEqualTo(most);
        }
      }
    }
  }

  @Test
  void keepsTimesAndLoopsWhateverTheyAre() throws Exception {
    for (List<Integer> times :
        List.of(
            List.of(2000, 100, 100, 100),
            List.of(100, 100, 100, 2000),
            List.of(33, 33, 33),
            List.of(0, 1, 10, 11, 0),
            List.of(0xFFFFFF, 0xFFFFFF, 7))) {
      for (int loops : new int[] {0, 1, 3, 65_535}) {
        List<Frame> frames = new ArrayList<>();
        for (int time : times) {
          // Every other frame looks like the one before.
          frames.add(AnimatedWebps.plain(frames.size() / 2 % 2 == 0 ? RED : BLUE, 64, 48, time));
        }
        byte[] source = AnimatedWebps.of(64, 48, loops, 0, frames);
        for (List<RenderStep> steps : List.of(HALVED, List.<RenderStep>of())) {
          byte[] made = render(source, steps, MediaType.WEBP);
          assertThat(AnimatedWebps.times(made)).isEqualTo(times);
          assertThat(AnimatedWebps.loops(made)).isEqualTo(loops);
        }
      }
    }
  }

  @Test
  void noFrameBleedsIntoItsNeighbours() throws Exception {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      frames.add(AnimatedWebps.plain(i % 2 == 0 ? RED : BLUE, 101, 61, 50));
    }
    byte[] source = AnimatedWebps.of(101, 61, 0, 0, frames);
    for (RenderStep step :
        List.of(
            new RenderStep.Shrink(new Dimensions(33, 19), RenderStep.Quality.FAST),
            new RenderStep.Shrink(new Dimensions(50, 31), RenderStep.Quality.LANCZOS2),
            new RenderStep.Crop(new Dimensions(61, 61), 20, 0),
            new RenderStep.Blur(3))) {
      List<BufferedImage> made =
          AnimatedWebps.canvases(render(source, List.of(step), MediaType.WEBP));
      assertThat(made).hasSize(4);
      for (int i = 0; i < 4; i++) {
        BufferedImage expected =
            new BufferedImage(
                made.get(i).getWidth(), made.get(i).getHeight(), BufferedImage.TYPE_INT_ARGB);
        int[] pure = new int[expected.getWidth() * expected.getHeight()];
        Arrays.fill(pure, i % 2 == 0 ? RED : BLUE);
        expected.setRGB(
            0, 0, expected.getWidth(), expected.getHeight(), pure, 0, expected.getWidth());
        assertLike(made.get(i), expected, step + ", frame " + i, 4);
      }
    }
  }

  @Test
  void turnsEveryFrameAndKeepsTheProfile() throws Exception {
    byte[] source =
        WebpChunks.withIcc(
            AnimatedWebps.of(
                64,
                48,
                1,
                0,
                List.of(
                    AnimatedWebps.frame(RED, 20, 10, 0, 0, 70, false, false),
                    AnimatedWebps.frame(BLUE, 20, 10, 44, 38, 80, false, false))),
            64,
            48);
    Path file = Files.write(folder.resolve("source"), source);
    Probed probed =
        new Probed(MediaType.WEBP, new Dimensions(64, 48), 2, Orientation.QUARTER_TURN, false);
    Path out = folder.resolve("out");
    engine.render(file, probed, List.of(), MediaType.WEBP, out);
    byte[] made = Files.readAllBytes(out);
    assertThat(new HeaderProbe().probe(out).dimensions()).isEqualTo(new Dimensions(48, 64));
    BufferedImage second = AnimatedWebps.canvases(made).get(1);
    assertThat(second.getRGB(45, 5)).isEqualTo(RED);
    assertThat(second.getRGB(2, 60)).isEqualTo(BLUE);
    assertThat(second.getRGB(2, 5)).isZero();
    assertThat(Bytes.find(made, "ICCP")).isPositive();
    assertThat(made).containsSequence(JpegSegments.srgb());
    assertThat(AnimatedWebps.times(made)).containsExactly(70, 80);
  }

  @ParameterizedTest
  @EnumSource(
      value = MediaType.class,
      names = {"JPEG", "PNG"})
  void aStillIsTheFirstFrameOnItsCanvasAndNoOtherIsDecoded(MediaType target) throws Exception {
    byte[] source =
        AnimatedWebps.of(
            64,
            48,
            0,
            0,
            List.of(
                AnimatedWebps.frame(RED, 20, 16, 10, 8, 50, false, false),
                AnimatedWebps.frame(BLUE, 40, 40, 0, 0, 50, false, false)));
    // The pixels of the second frame, behind its header.
    int second = new String(source, StandardCharsets.ISO_8859_1).lastIndexOf("ANMF");
    for (int at = second + 8 + 16 + 8 + 5; at < source.length; at++) {
      source[at] = (byte) 0xFF;
    }
    assertThatThrownBy(() -> render(source, List.of(), MediaType.WEBP))
        .isInstanceOf(EngineException.class);
    Path out = folder.resolve("still");
    Files.write(out, render(source, List.of(), target));
    BufferedImage still = ImageIO.read(out.toFile());
    assertThat(still.getWidth()).isEqualTo(64);
    assertThat(still.getHeight()).isEqualTo(48);
    int outside = still.getRGB(2, 2);
    assertThat(target == MediaType.JPEG ? outside == 0xFFFFFFFF : outside >>> 24 == 0).isTrue();
    assertThat(still.getRGB(20, 15) >> 16 & 0xFF).isGreaterThan(240);
    assertThat(still.getRGB(20, 15) & 0xFF).isLessThan(20);
  }

  @Test
  void writesWhatChangesAndNoMore() throws Exception {
    List<Frame> frames = new ArrayList<>();
    frames.add(new Frame(Pictures.webp(320, 240), 320, 240, 0, 0, 40, true, false));
    for (int i = 0; i < 20; i++) {
      frames.add(AnimatedWebps.frame(GREEN, 20, 20, 100 + 2 * i, 50, 40, true, false));
    }
    byte[] source = AnimatedWebps.of(320, 240, 0, 0, frames);
    byte[] one =
        render(AnimatedWebps.of(320, 240, 0, 0, frames.subList(0, 2)), List.of(), MediaType.WEBP);
    byte[] all = render(source, List.of(), MediaType.WEBP);
    assertThat(all.length).isLessThan(one.length + 20 * 250);
  }
}
