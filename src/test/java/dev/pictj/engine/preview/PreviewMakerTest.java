package dev.pictj.engine.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.FirstFrames;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.Verification;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.vips.Check;
import dev.pictj.engine.vips.Engines;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.Preview;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Pictures;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PreviewMakerTest {
  /** Of 64. */
  private static final int MAX_BITS_BETWEEN_ENGINES = 4;

  private static final int CORNER = 0xFF3C78B4;

  @TempDir private static Path work;
  @TempDir private Path folder;
  @TempDir private Path sources;
  private static ImageEngine magick;
  private static VipsEngine vips;

  @BeforeAll
  static void start() throws Exception {
    magick = Engines.magick(work);
    vips = Engines.vips(magick, Duration.ofSeconds(30), 1 << 30);
  }

  @AfterAll
  static void stop() {
    vips.close();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(folder).isEmptyDirectory();
  }

  /** The first frame of every video is this PNG. */
  private static VideoEngine oneFrame(byte... png) {
    return new FirstFrames() {
      @Override
      public void firstFrame(Path source, Probed probed, Path output) throws EngineException {
        try {
          Files.write(output, png);
        } catch (IOException e) {
          throw new EngineException("no disk", e);
        }
      }
    };
  }

  /** One who trusts workers only. */
  private PreviewMaker maker(ImageEngine trusting, ImageEngine others, byte... frame) {
    return new PreviewMaker(trusting, Set.of(VerifiedBy.WORKER), others, oneFrame(frame), folder);
  }

  private String made(PreviewMaker maker, VerifiedBy by, byte[] picture) throws Exception {
    Path file = Files.write(sources.resolve("picture"), picture);
    return maker.make(file, new HeaderProbe().probe(file), by).blurhash();
  }

  private long phash(ImageEngine engine, byte[] picture) throws Exception {
    Path file = Files.write(sources.resolve("picture"), picture);
    Preview preview =
        maker(engine, new Nobody()).make(file, new HeaderProbe().probe(file), VerifiedBy.WORKER);
    return Long.parseUnsignedLong(preview.facts().orElseThrow().phash(), 16);
  }

  private String by(ImageEngine engine, byte[] picture) throws Exception {
    return made(maker(engine, new Nobody()), VerifiedBy.WORKER, picture);
  }

  private enum Kind {
    JPEG(Pictures.jpeg(400, 300), "4x3"),
    PROGRESSIVE(Pictures.jpegProgressive(400, 300), "4x3"),
    CMYK(Pictures.jpegCmyk(400, 300), "4x3"),
    GREY_JPEG(Pictures.jpegGrey(400, 300), "4x3"),
    PNG(Pictures.png(400, 300), "4x3"),
    PALETTE(Pictures.pngPalette(400, 300), "4x3"),
    BILEVEL(Pictures.pngBilevel(400, 300), "4x3"),
    GREY(Pictures.pngGrey(400, 300), "4x3"),
    GREY_16(Pictures.pngGrey16(400, 300), "4x3"),
    ALPHA(Pictures.pngAlpha(400, 300), "4x3"),
    INTERLACED(Pictures.pngInterlaced(400, 300), "4x3"),
    WEBP(Pictures.webp(400, 300), "4x3"),
    WEBP_ALPHA(Pictures.webpAlpha(400, 300), "4x3"),
    ANIMATED_WEBP(Pictures.animatedWebp(400, 300, 3), "4x3"),
    GIF(Pictures.gif(400, 300, 3), "4x3"),
    SMALL(Pictures.png(20, 15), "4x3"),
    WIDE(Pictures.png(600, 2), "6x3"),
    HIGH(Pictures.png(2, 600), "3x6"),
    DOT(Pictures.png(1, 1), "3x3");

    private final byte[] file;
    private final String waves;

    Kind(byte[] file, String waves) {
      this.file = file;
      this.waves = waves;
    }
  }

  /** Each kind by both engines, which decode and shrink in ways of their own. */
  @ParameterizedTest
  @EnumSource
  void bothEnginesSeeTheSame(Kind kind) throws Exception {
    String one = by(magick, kind.file);
    String other = by(vips, kind.file);
    assertThat(BlurhashTest.waves(one)).isEqualTo(kind.waves);
    assertThat(BlurhashTest.waves(other)).isEqualTo(kind.waves);
    for (int colour = 0; colour < 3; colour++) {
      assertThat(BlurhashTest.mean(one)[colour])
          .isCloseTo(BlurhashTest.mean(other)[colour], within(8));
    }
  }

  /** Else copies of one picture would not be found, depending on who has made which. */
  @ParameterizedTest
  @EnumSource
  void bothEnginesMakePerceptualHashesThatAreAlike(Kind kind) throws Exception {
    assertThat(Long.bitCount(phash(magick, kind.file) ^ phash(vips, kind.file)))
        .isLessThanOrEqualTo(MAX_BITS_BETWEEN_ENGINES);
  }

  /** What is decoded to be verified gives the pixels that a second decode would. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "PNG",
        "PALETTE",
        "BILEVEL",
        "GREY",
        "GREY_16",
        "ALPHA",
        "INTERLACED",
        "SMALL",
        "WIDE",
        "HIGH",
        "DOT"
      })
  void theVerificationSeesTheSame(Kind kind) throws Exception {
    Path file = Files.write(sources.resolve("picture"), kind.file);
    Probed probed = new HeaderProbe().probe(file);
    Path png = sources.resolve("second");
    vips.render(TinyPicture.request(file, probed), png);
    TinyPicture second = TinyPicture.of(png);
    TinyPicture first = verified(file, probed);
    for (int i = 0; i < first.width() * first.height(); i++) {
      assertThat(first.argb(i)).isEqualTo(second.argb(i));
    }
    assertThat(BlurhashTest.waves(Blurhash.of(first))).isEqualTo(kind.waves);
  }

  private static TinyPicture verified(Path file, Probed probed) throws Exception {
    Dimensions tiny = TinyPicture.size(probed.dimensions());
    Check check = new Check(probed.type(), probed.dimensions(), 1, Optional.of(tiny));
    try (Arena arena = Arena.ofConfined();
        FileChannel bytes = FileChannel.open(file)) {
      TinyPicture picture =
          TinyPicture.of(
              Engines.runner()
                  .inspect(check, bytes.map(FileChannel.MapMode.READ_ONLY, 0, bytes.size(), arena))
                  .orElseThrow());
      assertThat(new Dimensions(picture.width(), picture.height())).isEqualTo(tiny);
      return picture;
    }
  }

  @Test
  void anAnimationIsSeenAsItsFirstFrame() throws Exception {
    Animation animation = Animation.ofColours(20, 20, new int[] {100, 100}, CORNER, 0xFFFFFFFF);
    for (byte[] file : List.of(animation.gif(), animation.webp())) {
      assertThat(BlurhashTest.mean(by(vips, file))).containsExactly(0x3C, 0x78, 0xB4);
    }
  }

  @Test
  void whatNothingHasVerifiedIsSeenByTheReferenceAlone() throws Exception {
    byte[] png = Pictures.png(100, 80);
    for (VerifiedBy by : List.of(VerifiedBy.NOBODY, VerifiedBy.REFERENCE)) {
      assertThat(made(maker(new Nobody(), magick), by, png)).isEqualTo(by(magick, png));
    }
  }

  @Test
  void aVideoIsSeenAsItsFirstFrame() throws Exception {
    byte[] frame = Pictures.png(100, 80);
    assertThat(made(maker(new Nobody(), magick, frame), VerifiedBy.WORKER, Pictures.mp4(32, 24, 3)))
        .isEqualTo(by(magick, frame));
  }

  @Test
  void whatCannotBeDecodedHasNone() {
    assertThatThrownBy(() -> made(maker(vips, magick), VerifiedBy.NOBODY, Bombs.pngTruncated()))
        .isInstanceOf(MediaException.class);
  }

  /** Whatever is asked for, this PNG comes. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Stubborn(byte[] png) implements ImageEngine {
    @Override
    public Verification verify(Path source, Probed probed, Duration atMost) {
      throw new AssertionError("nothing is verified");
    }

    @Override
    public void render(RenderRequest request, Path output) throws EngineException {
      try {
        Files.write(output, png);
      } catch (IOException e) {
        throw new EngineException("no disk", e);
      }
    }
  }

  @Test
  void aCopyOfAnotherSizeIsNotTaken() {
    assertThatThrownBy(() -> by(new Stubborn(Pictures.png(3000, 2000)), Pictures.jpeg(400, 300)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("another size");
  }
}
