package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Animation.Disposal;
import dev.pictj.pictures.Animation.Frame;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Motion;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format that moves, made into every other. */
class AnimationTest {
  private static final int RED = 0xFFFF0000;
  private static final int GREEN = 0xFF00FF00;
  private static final int BLUE = 0xFF0000FF;
  private static final int YELLOW = 0xFFFFFF00;

  @TempDir Path folder;
  private final VipsEngine engine = Engines.alone();

  /** A format, and how it is written. */
  private record Source(MediaType type, Function<Animation, byte[]> writer) {
    @Override
    public String toString() {
      return type.name();
    }
  }

  private static Stream<Arguments> ways() {
    List<Source> sources =
        List.of(
            new Source(MediaType.GIF, Animation::gif),
            new Source(MediaType.APNG, Animation::png),
            new Source(MediaType.WEBP, Animation::webp));
    return sources.stream()
        .flatMap(
            source ->
                Stream.of(MediaType.GIF, MediaType.APNG, MediaType.WEBP)
                    .map(target -> Arguments.of(source, target)));
  }

  /** Offsets, frames that stay, go, and give way to what was there before. */
  private static Animation composition(Disposal previous, int loops, int last) {
    return new Animation(
        64,
        48,
        loops,
        List.of(
            Frame.whole(64, 48, RED, 100),
            new Frame(16, 12, 32, 24, GREEN, 250, true, previous),
            new Frame(0, 0, 16, 16, BLUE, 40, true, Disposal.CLEAR),
            new Frame(48, 32, 16, 16, last, 1000, true, Disposal.KEEP)));
  }

  private byte[] render(byte[] file, MediaType target, RenderStep... steps) throws Exception {
    Path source = Files.write(folder.resolve("source"), file);
    Path out = folder.resolve("out");
    engine.render(source, new HeaderProbe().probe(source), List.of(steps), target, out);
    Probed made = new HeaderProbe().probe(out);
    assertThat(made.type()).isEqualTo(target);
    return Files.readAllBytes(out);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isComposedTimedAndPlayedAsItWas(Source source, MediaType target) throws Exception {
    Disposal previous = source.type() == MediaType.WEBP ? Disposal.KEEP : Disposal.RESTORE;
    for (int loops : new int[] {0, 1, 3}) {
      Animation animation = composition(previous, loops, YELLOW);
      Motion made = Motion.of(render(source.writer().apply(animation), target));
      assertThat(made.plays()).isEqualTo(loops);
      assertThat(made.millis()).containsExactly(100, 250, 40, 1000);
      assertAlike(made.canvases(), animation.canvases());
    }
  }

  /** As browsers show them, whatever the format, but for a WebP of a WebP, which keeps them. */
  @ParameterizedTest
  @MethodSource("ways")
  void timesOfNextToNothingAreTheUsualOne(Source source, MediaType target) throws Exception {
    int[] times = {0, 10, 1000, 20};
    Animation animation = Animation.ofColours(31, 21, times, RED, BLUE, YELLOW);
    Motion made = Motion.of(render(source.writer().apply(animation), target));
    if (source.type() == MediaType.WEBP && target == MediaType.WEBP) {
      assertThat(made.millis()).containsExactly(0, 10, 1000, 20);
    } else {
      assertThat(made.millis()).containsExactly(100, 100, 1000, 20);
    }
  }

  /** The second frame is wider than the canvas, the third is outside of it. */
  private static List<Frame> beyond(Frame first) {
    return List.of(
        first,
        new Frame(8, 4, 128, 96, GREEN, 100, true, Disposal.CLEAR),
        new Frame(90, 70, 20, 20, BLUE, 100, true, Disposal.RESTORE),
        new Frame(0, 40, 20, 20, YELLOW, 100, true, Disposal.KEEP));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GIF", "APNG", "WEBP"})
  void framesOfAGifAreCutAtItsCanvas(MediaType target) throws Exception {
    Animation later = new Animation(64, 48, 0, beyond(Frame.whole(64, 48, RED, 100)));
    assertAlike(Motion.of(render(later.gif(), target)).canvases(), later.canvases());
    List<Frame> frames = beyond(new Frame(0, 0, 80, 60, RED, 100, true, Disposal.KEEP));
    byte[] first = new Animation(64, 48, 0, frames).gif();
    assertAlike(
        Motion.of(render(first, target)).canvases(), new Animation(80, 60, 0, frames).canvases());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isOpaqueWhereItIs(Source source, MediaType target) throws Exception {
    Animation animation = Animation.ofColours(31, 21, new int[] {100, 100, 100}, RED, BLUE, YELLOW);
    Motion made = Motion.of(render(source.writer().apply(animation), target));
    assertAlike(made.canvases(), animation.canvases());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theCanvasIsCroppedAndShrunkWithItsFrames(Source source, MediaType target) throws Exception {
    byte[] file = source.writer().apply(composition(Disposal.KEEP, 0, YELLOW));
    RenderStep crop = new RenderStep.Crop(new Dimensions(48, 48), 8, 0);
    RenderStep shrink = new RenderStep.Shrink(new Dimensions(24, 24), RenderStep.Quality.FAST);
    Motion made = Motion.of(render(file, target, crop, shrink));
    assertThat(made.millis()).containsExactly(100, 250, 40, 1000);
    for (BufferedImage canvas : made.canvases()) {
      assertThat(canvas.getWidth()).isEqualTo(24);
      assertThat(canvas.getHeight()).isEqualTo(24);
    }
    assertNear(made.canvases().get(0).getRGB(12, 12), RED, "first");
    assertNear(made.canvases().get(1).getRGB(12, 12), GREEN, "second");
    assertNear(made.canvases().get(2).getRGB(2, 2), BLUE, "third");
    assertNear(made.canvases().get(3).getRGB(2, 2), 0, "fourth");
    assertNear(made.canvases().get(3).getRGB(22, 18), YELLOW, "fourth");
  }

  /** As they do in a PNG that is made of a PNG. */
  @Test
  void sixteenBitsStayInAStillOfTheFirstFrame() throws Exception {
    byte[] deep = Pictures.pngGrey16(40, 30);
    byte[] still = render(PngChunks.animated(deep, 3), MediaType.PNG);
    int depth = still[24];
    assertThat(depth).isEqualTo(16);
    int[] was =
        ImageIO.read(new ByteArrayInputStream(deep))
            .getData()
            .getSamples(0, 0, 40, 30, 0, (int[]) null);
    int[] is =
        ImageIO.read(new ByteArrayInputStream(still))
            .getData()
            .getSamples(0, 0, 40, 30, 0, (int[]) null);
    assertThat(is).isEqualTo(was);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theFirstFrameAloneIsAStill(Source source, MediaType target) throws Exception {
    byte[] file = source.writer().apply(composition(Disposal.KEEP, 0, YELLOW));
    Path made = Files.write(folder.resolve("made"), render(file, target));
    Path out = folder.resolve("still.png");
    engine.render(made, new HeaderProbe().probe(made), List.of(), MediaType.PNG, out);
    Probed still = new HeaderProbe().probe(out);
    assertThat(still.frames()).isOne();
    assertThat(still.type()).isEqualTo(MediaType.PNG);
  }

  /** Players take 0 and 1 for 100 ms, and so do those that play other formats. */
  @Test
  void aGifIsPlayedAsFastAsBrowsersPlayIt() throws Exception {
    byte[] gif = Animation.ofColours(8, 8, new int[] {0, 10, 20, 30}, RED, BLUE).gif();
    for (MediaType target : List.of(MediaType.GIF, MediaType.APNG, MediaType.WEBP)) {
      assertThat(Motion.of(render(gif, target)).millis()).containsExactly(100, 100, 20, 30);
    }
  }

  @Test
  void timesThatAreNoHundredthsAddUp() throws Exception {
    int[] thirds = new int[30];
    Arrays.fill(thirds, 33);
    byte[] webp = Animation.ofColours(8, 8, thirds, RED, BLUE).webp();
    List<Integer> made = Motion.of(render(webp, MediaType.GIF)).millis();
    assertThat(made.stream().mapToInt(Integer::intValue).sum()).isBetween(980, 1000);
    assertThat(made).allMatch(time -> time == 30 || time == 40);
  }

  @Test
  void aTimeThatNoFractionHoldsIsAsLongAsOneCan() throws Exception {
    byte[] webp = Animation.ofColours(8, 8, new int[] {0xFFFFFF, 100}, RED, BLUE).webp();
    assertThat(Motion.of(render(webp, MediaType.GIF)).millis()).containsExactly(655_350, 100);
    assertThat(Motion.of(render(webp, MediaType.APNG)).millis().getFirst())
        .isBetween(0xFFFFFF, 0xFFFFFF + 1000);
  }

  @Test
  void damagedPixelsFail() throws Exception {
    byte[] gif = Animation.ofColours(64, 48, new int[] {100, 100}, RED, BLUE).gif();
    // The codes of the last frame, some of which are none then.
    byte[] damaged = gif.clone();
    Arrays.fill(damaged, gif.length - 60, gif.length - 20, (byte) 0xFF);
    assertThatThrownBy(() -> render(damaged, MediaType.WEBP)).isInstanceOf(Exception.class);
    byte[] png = Animation.ofColours(64, 48, new int[] {100, 100}, RED, BLUE).png();
    byte[] cut = Bytes.part(png, 0, png.length - 40);
    assertThatThrownBy(() -> render(cut, MediaType.WEBP)).isInstanceOf(Exception.class);
  }

  private static void assertAlike(List<BufferedImage> found, List<BufferedImage> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      BufferedImage is = found.get(i);
      BufferedImage was = expected.get(i);
      assertThat(is.getWidth()).isEqualTo(was.getWidth());
      assertThat(is.getHeight()).isEqualTo(was.getHeight());
      for (int y = 0; y < was.getHeight(); y++) {
        for (int x = 0; x < was.getWidth(); x++) {
          // Subsampled colour mixes with its neighbour's.
          boolean edge = false;
          for (int[] to : new int[][] {{-2, 0}, {2, 0}, {0, -2}, {0, 2}, {-2, -2}, {2, 2}}) {
            int nearX = Math.clamp(x + to[0], 0, was.getWidth() - 1);
            int nearY = Math.clamp(y + to[1], 0, was.getHeight() - 1);
            edge |= was.getRGB(nearX, nearY) != was.getRGB(x, y);
          }
          if (!edge) {
            assertNear(is.getRGB(x, y), was.getRGB(x, y), "frame %d at %d,%d".formatted(i, x, y));
          }
        }
      }
    }
  }

  private static void assertNear(int is, int was, String what) {
    assertThat(Math.abs((is >>> 24) - (was >>> 24))).as(what).isLessThanOrEqualTo(2);
    for (int shift = 0; was >>> 24 != 0 && shift < 24; shift += 8) {
      assertThat(Math.abs((is >>> shift & 0xFF) - (was >>> shift & 0xFF)))
          .as("%s: %08x not %08x", what, is, was)
          .isLessThanOrEqualTo(12);
    }
  }
}
