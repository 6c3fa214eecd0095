package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.media.MediaException.Reason;
import dev.pictj.pictures.AnimatedWebps;
import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Exif;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HeaderProbeTest {
  private final HeaderProbe probe = new HeaderProbe();
  @TempDir private Path folder;

  @Test
  void stillsOfEveryKind() throws Exception {
    for (byte[] jpeg : List.of(Pictures.jpeg(40, 30), Pictures.jpegRestarts(40, 30))) {
      assertThat(probe(jpeg)).isEqualTo(still(MediaType.JPEG, 40, 30));
    }
    assertThat(probe(Pictures.jpegProgressive(40, 30)))
        .isEqualTo(
            new Probed(
                MediaType.JPEG, new Dimensions(40, 30), 1, Orientation.UPRIGHT, false, true));
    for (byte[] png :
        List.of(
            Pictures.png(40, 30),
            Pictures.pngAlpha(40, 30),
            Pictures.pngInterlaced(40, 30),
            Pictures.pngBilevel(40, 30),
            Pictures.pngPalette(40, 30),
            Pictures.pngGrey16(40, 30))) {
      assertThat(probe(png)).isEqualTo(still(MediaType.PNG, 40, 30));
    }
    for (byte[] webp :
        List.of(Pictures.webp(40, 30), Pictures.webpLossless(40, 30), Pictures.webpAlpha(40, 30))) {
      assertThat(probe(webp)).isEqualTo(still(MediaType.WEBP, 40, 30));
    }
    assertThat(probe(Pictures.gif(40, 30, 1))).isEqualTo(still(MediaType.GIF, 40, 30));
  }

  @Test
  void moreTablesThanAnyPictureNeedsAreRefused() throws Exception {
    byte[] jpeg = Pictures.jpeg(40, 30);
    int table = Bytes.find(jpeg, "\u00FF\u00C4");
    byte[] one =
        Bytes.part(jpeg, table, table + 2 + 256 * jpeg[table + 2] + (jpeg[table + 3] & 0xFF));
    byte[] some = Bytes.join(one, one, one, one, one, one);
    byte[] many = Bytes.join(Collections.nCopies(1000, some).toArray(byte[][]::new));
    byte[] before = Bytes.part(jpeg, 0, table);
    byte[] after = Bytes.from(jpeg, table);
    assertThat(probe(Bytes.join(before, some, after))).isEqualTo(still(MediaType.JPEG, 40, 30));
    refused(Bytes.join(before, many, after), Reason.INVALID);
  }

  @Test
  void aProfileIsNotReadForTheSize() throws Exception {
    byte[] webp = WebpChunks.withIcc(Pictures.webp(40, 30), 40, 30);
    int profile = Bytes.find(webp, "ICCP") + 8;
    Arrays.fill(webp, profile, profile + 2000, (byte) 0xFF);
    assertThat(probe(webp)).isEqualTo(still(MediaType.WEBP, 40, 30));
    byte[] jpeg = JpegSegments.withIcc(Pictures.jpeg(40, 30), new byte[200_000]);
    assertThat(probe(jpeg)).isEqualTo(still(MediaType.JPEG, 40, 30));
  }

  @Test
  void cmykIsTold() throws Exception {
    assertThat(probe(Pictures.jpegCmyk(40, 30)).cmyk()).isTrue();
  }

  @Test
  void framesAreCounted() throws Exception {
    assertThat(probe(Pictures.gif(40, 30, 7))).isEqualTo(frames(MediaType.GIF, 40, 30, 7));
    assertThat(probe(Pictures.animatedWebp(40, 30, 5)))
        .isEqualTo(frames(MediaType.WEBP, 40, 30, 5));
    assertThat(probe(PngChunks.animated(Pictures.png(40, 30), 4)))
        .isEqualTo(frames(MediaType.APNG, 40, 30, 4));
  }

  @Test
  void aGifThatEndsWithinAFrameLosesNoneInSilence() throws Exception {
    byte[] gif = Pictures.gif(40, 30, 7);
    int trailer = gif.length - 1;
    assertThat(probe(Arrays.copyOf(gif, trailer)))
        .as("without its trailer")
        .isEqualTo(frames(MediaType.GIF, 40, 30, 7));
    for (int length : new int[] {trailer - 1, trailer - 2, trailer - 10, gif.length / 2}) {
      assertThatThrownBy(() -> probe(Arrays.copyOf(gif, length)))
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("the file ends within a frame");
    }
  }

  @Test
  void aFrameMayBeSmallerThanItsCanvas() throws Exception {
    AnimatedWebps.Frame red = AnimatedWebps.frame(0xFFFF0000, 10, 8, 20, 6, 50, false, true);
    AnimatedWebps.Frame blue = AnimatedWebps.frame(0x800000FF, 6, 4, 0, 2, 50, true, false);
    for (List<AnimatedWebps.Frame> frames :
        List.of(List.of(red, blue), List.of(blue, red), List.of(red))) {
      assertThat(probe(AnimatedWebps.of(64, 48, 0, 0, frames)))
          .isEqualTo(frames(MediaType.WEBP, 64, 48, frames.size()));
    }
  }

  /** As in browsers: the first frame enlarges the screen, later ones are cut. */
  @Test
  void theFirstFrameOfAGifEnlargesItsScreen() throws Exception {
    Animation.Frame whole = Animation.Frame.whole(64, 48, 0xFFFF0000, 100);
    Animation.Frame beyond =
        new Animation.Frame(40, 20, 64, 48, 0xFF00FF00, 100, true, Animation.Disposal.KEEP);
    Probed later = probe(new Animation(64, 48, 0, List.of(whole, beyond)).gif());
    assertThat(later.dimensions()).isEqualTo(new Dimensions(64, 48));
    assertThat(later.held()).isEqualTo(new Dimensions(104, 68));
    Probed first = probe(new Animation(64, 48, 0, List.of(beyond, whole)).gif());
    assertThat(first.dimensions()).isEqualTo(new Dimensions(104, 68));
    assertThat(first.extent()).isEmpty();
  }

  @Test
  void videosAreReadWhereverTheirMovieBoxStands() throws Exception {
    for (byte[] mp4 :
        List.of(
            Pictures.mp4(48, 36, 6),
            Pictures.mp4WithSound(48, 36, 6),
            Pictures.mp4Fragmented(48, 36, 6))) {
      isFilm(probe(mp4), MediaType.MP4);
    }
    isFilm(probe(Pictures.mov(48, 36, 6)), MediaType.QUICKTIME);
  }

  private static void isFilm(Probed probed, MediaType type) {
    assertThat(probed.type()).isEqualTo(type);
    assertThat(probed.dimensions()).isEqualTo(new Dimensions(48, 36));
    assertThat(probed.frames()).isEqualTo(6);
    assertThat(probed.orientation()).isEqualTo(Orientation.UPRIGHT);
    assertThat(probed.video().orElseThrow().square()).isEqualTo(probed.dimensions());
  }

  @Test
  void orientationIsReportedAndNotApplied() throws Exception {
    for (int tag = 1; tag <= 8; tag++) {
      Orientation expected = Orientation.ofTag(tag);
      Probed jpeg = probe(JpegSegments.withEverything(Pictures.jpeg(40, 30), tag));
      assertThat(jpeg.orientation()).isEqualTo(expected);
      assertThat(jpeg.dimensions()).isEqualTo(new Dimensions(40, 30));
      Probed png = probe(PngChunks.withExif(Pictures.png(40, 30), tag));
      assertThat(png.orientation()).isEqualTo(expected);
      Probed webp = probe(WebpChunks.withExif(Pictures.webp(40, 30), 40, 30, tag));
      assertThat(webp.orientation()).isEqualTo(expected);
    }
    byte[] cyclic = JpegSegments.withExif(Pictures.jpeg(40, 30), Exif.cyclic());
    assertThat(probe(cyclic).orientation()).isEqualTo(Orientation.UPRIGHT);
  }

  @Test
  void hugeClaimsAreReportedAsTheyAre() throws Exception {
    assertThat(probe(Bombs.pngHugeHeader()).dimensions()).isEqualTo(new Dimensions(60_000, 60_000));
    assertThat(probe(Bombs.jpegHugeHeader()).dimensions())
        .isEqualTo(new Dimensions(65_500, 65_500));
    assertThat(probe(Bombs.gifHugeScreen()).dimensions()).isEqualTo(new Dimensions(65_535, 65_535));
    assertThat(probe(Bombs.gifHugeFrame()).dimensions()).isEqualTo(new Dimensions(60_000, 50_000));
  }

  /** Each level costs a reader that follows them some stack. */
  @Test
  void boxesWithinBoxesWithoutEndAreRefused() {
    refused(Bombs.mp4DeepBoxes(), Reason.INVALID);
  }

  @Test
  void aCanvasThatLiesIsRefused() {
    refused(Bombs.webpHugeCanvas(), Reason.INVALID);
    refused(Bombs.webpSmallCanvas(), Reason.INVALID);
    refused(Bombs.webpFramesBeyondCanvas(), Reason.INVALID);
  }

  @Test
  void filesThatOnlyBeginLikePicturesAreRefused() {
    refused(Bombs.pngSignatureOnHtml(), Reason.INVALID);
    refused(Bombs.jpegSignatureOnHtml(), Reason.INVALID);
    refused(Bombs.webpTruncated(), Reason.INVALID);
  }

  @Test
  void otherFormatsAreUnsupported() {
    for (Map.Entry<String, byte[]> other :
        Map.of("HTML", Bombs.html(), "SVG", Bombs.svg(), "PDF", Bombs.pdf()).entrySet()) {
      assertThat(refused(other.getValue(), Reason.UNSUPPORTED))
          .hasMessage(
              "Unsupported image format: this is %s; accepted are JPEG, PNG, APNG, GIF, WebP, AVIF, HEIC, JPEG XL, MP4, WebM, MOV"
                  .formatted(other.getKey()));
    }
    assertThat(refused(new byte[0], Reason.UNSUPPORTED))
        .hasMessageContaining("this is nothing we know");
  }

  @Test
  void aFrameCountThatNobodyCanHaveIsReportedForTheLimits() throws Exception {
    byte[] png = PngChunks.withFrameCount(Pictures.png(8, 8), 2_000_000_000);
    assertThat(probe(png).frames()).isEqualTo(2_000_000_000);
    refused(PngChunks.withFrameCount(Pictures.png(8, 8), -1), Reason.INVALID);
  }

  @Test
  void twoFrameHeadersInOneJpegAreRefused() {
    byte[] jpeg = Pictures.jpeg(40, 30);
    byte[] header = {8, 0, 16, 0, 16, 1, 1, 0x11, 0};
    refused(JpegSegments.withSegment(jpeg, 0xC0, header), Reason.INVALID);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedFilesEndInAnAnswerOrARefusal() throws Exception {
    Random random = new Random(23);
    List<byte[]> files =
        List.of(
            JpegSegments.withEverything(Pictures.jpeg(40, 30), 6),
            PngChunks.withText(PngChunks.animated(Pictures.png(40, 30), 3)),
            Pictures.gif(40, 30, 3),
            WebpChunks.withExif(Pictures.webpAlpha(40, 30), 40, 30, 3),
            Pictures.animatedWebp(40, 30, 3),
            Pictures.mp4(48, 36, 4),
            Pictures.mp4Fragmented(48, 36, 4),
            Pictures.mov(48, 36, 4));
    for (byte[] file : files) {
      for (int i = 0; i < 400; i++) {
        byte[] damaged =
            i % 4 == 0 ? Bytes.part(file, 0, random.nextInt(file.length)) : file.clone();
        // Headers matter most here, so most of the damage goes there.
        for (int flips = random.nextInt(6); flips > 0 && damaged.length > 0; flips--) {
          int reach = random.nextBoolean() ? Math.min(damaged.length, 800) : damaged.length;
          damaged[random.nextInt(reach)] = (byte) random.nextInt();
        }
        try {
          assertThat(probe(damaged).frames()).isPositive();
        } catch (MediaException e) {
          assertThat(e).hasMessageNotContaining(folder.toString());
        }
      }
    }
  }

  private Probed probe(byte[] bytes) throws IOException, MediaException {
    Path file = Files.write(folder.resolve("picture"), bytes);
    Probed probed = probe.probe(file);
    // One reader finds what two do.
    assertThat(probe.probeAgain(file)).isEqualTo(probed);
    return probed;
  }

  private MediaException refused(byte[] bytes, Reason reason) {
    MediaException refusal = catchThrowableOfType(MediaException.class, () -> probe(bytes));
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).isEqualTo(reason);
    return refusal;
  }

  private static Probed still(MediaType type, int width, int height) {
    return frames(type, width, height, 1);
  }

  private static Probed frames(MediaType type, int width, int height, int frames) {
    return new Probed(type, new Dimensions(width, height), frames, Orientation.UPRIGHT, false);
  }
}
