package dev.pictj.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.Samples;
import dev.pictj.media.VideoTrack;
import dev.pictj.pictures.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictedCostTest {
  private static final Dimensions PHOTO = new Dimensions(8000, 5000);
  private static final List<RenderStep> THUMBNAIL =
      List.of(new RenderStep.Shrink(new Dimensions(256, 160), RenderStep.Quality.FAST));

  @TempDir private Path folder;

  private static Probed jpeg(boolean progressive) {
    return new Probed(MediaType.JPEG, PHOTO, 1, Orientation.UPRIGHT, false, progressive);
  }

  private static Probed still(MediaType type, int frames) {
    return new Probed(type, new Dimensions(1000, 1000), frames, Orientation.UPRIGHT, false);
  }

  @Test
  void aThumbnailOfAFortyMegapixelPhotoIsSmallAndItsConversionIsNot() {
    assertThat(PredictedCost.render(jpeg(false), THUMBNAIL, MediaType.WEBP).work())
        .isLessThan(16_000_000);
    assertThat(PredictedCost.render(jpeg(false), List.of(), MediaType.WEBP).work())
        .isGreaterThan(200_000_000);
  }

  @Test
  void aProgressiveJpegCostsMore() {
    JobCost plain = PredictedCost.verify(jpeg(false));
    JobCost progressive = PredictedCost.verify(jpeg(true));
    assertThat(progressive.work()).isGreaterThan(2 * plain.work());
    assertThat(progressive.bytes()).isGreaterThan(plain.bytes());
    assertThat(PredictedCost.render(jpeg(true), THUMBNAIL, MediaType.JPEG).bytes())
        .isGreaterThan(PredictedCost.render(jpeg(false), THUMBNAIL, MediaType.JPEG).bytes());
  }

  @Test
  void theDecodersAreToldApart() {
    assertThat(PredictedCost.verify(still(MediaType.PNG, 1)).work())
        .isGreaterThan(PredictedCost.verify(still(MediaType.GIF, 1)).work());
    assertThat(PredictedCost.verify(still(MediaType.GIF, 1)).work())
        .isGreaterThan(PredictedCost.verify(still(MediaType.JPEG, 1)).work());
    assertThat(PredictedCost.render(still(MediaType.JPEG, 1), List.of(), MediaType.PNG).work())
        .isGreaterThan(
            PredictedCost.render(still(MediaType.JPEG, 1), List.of(), MediaType.WEBP).work());
  }

  /** A still of 40 megapixels of which 256 pixels are seen. */
  @Test
  void whatIsCutAwayCosts() {
    Samples samples =
        new Samples(
            PHOTO, 8, false, false, false, Optional.empty(), new Samples.ProfilePlace.None());
    Probed cut =
        new Probed(
            MediaType.AVIF,
            new Dimensions(16, 16),
            1,
            Orientation.UPRIGHT,
            false,
            false,
            Optional.empty(),
            Optional.of(samples),
            Optional.empty());
    Probed whole = new Probed(MediaType.AVIF, PHOTO, 1, Orientation.UPRIGHT, false);
    assertThat(PredictedCost.verify(cut)).isEqualTo(PredictedCost.verify(whole));
    JobCost thumbnail = PredictedCost.render(cut, List.of(), MediaType.WEBP);
    JobCost large = PredictedCost.render(whole, THUMBNAIL, MediaType.WEBP);
    assertThat(thumbnail.bytes()).isEqualTo(large.bytes());
    assertThat(thumbnail.work()).isGreaterThanOrEqualTo(PredictedCost.verify(whole).work());
    assertThat(PredictedCost.video(cut.moving(2))).isEqualTo(PredictedCost.video(whole.moving(2)));
  }

  /** It is looked whether pixels are transparent in a copy, for AVIF and JPEG XL alone. */
  @Test
  void theCopyInWhichTransparencyIsLookedForCosts() {
    long pixels = new Dimensions(256, 160).area();
    for (MediaType target : List.of(MediaType.AVIF, MediaType.JXL)) {
      assertThat(bytes(still(MediaType.PNG, 1), target))
          .isEqualTo(bytes(still(MediaType.PNG, 1), MediaType.WEBP) + 8 * pixels);
      assertThat(bytes(still(MediaType.JPEG, 1), target))
          .isEqualTo(bytes(still(MediaType.JPEG, 1), MediaType.WEBP));
    }
  }

  private static long bytes(Probed probed, MediaType target) {
    return PredictedCost.render(probed, THUMBNAIL, target).bytes();
  }

  /** A video of 40 megapixels of which 256 pixels are seen. */
  @Test
  void whatIsCutAwayOfAVideoCosts() {
    Dimensions small = new Dimensions(16, 16);
    VideoTrack track =
        new VideoTrack(
            1,
            PHOTO,
            new VideoTrack.Aperture(small, 0, 0),
            Optional.empty(),
            Orientation.UPRIGHT,
            Optional.empty());
    Probed cut =
        new Probed(MediaType.MP4, small, 2, Orientation.UPRIGHT, false, false, Optional.of(track));
    assertThat(PredictedCost.video(cut).bytes())
        .isEqualTo(
            PredictedCost.video(new Probed(MediaType.MP4, PHOTO, 2, Orientation.UPRIGHT, false))
                .bytes());
  }

  @Test
  void theProbeTellsAProgressiveJpeg() throws Exception {
    Path file = folder.resolve("x");
    Files.write(file, Pictures.jpegProgressive(40, 30));
    assertThat(new HeaderProbe().probe(file).progressive()).isTrue();
    Files.write(file, Pictures.jpeg(40, 30));
    assertThat(new HeaderProbe().probe(file).progressive()).isFalse();
  }

  @Test
  void everyFrameCosts() {
    JobCost one = PredictedCost.verify(still(MediaType.WEBP, 1));
    JobCost ten = PredictedCost.verify(still(MediaType.WEBP, 10));
    assertThat(ten).isEqualTo(new JobCost(10 * one.bytes(), 10 * one.work()));
    assertThat(PredictedCost.video(still(MediaType.GIF, 10)).work())
        .isEqualTo(10 * PredictedCost.video(still(MediaType.GIF, 1)).work());
  }

  /** Measured: 1.0 s where a few shapes move, 2.0 s where all of it is noise. */
  @Test
  void theThumbnailOfAnAnimationIsPredictedNearWhatItTakes() throws Exception {
    Probed animation =
        new Probed(MediaType.WEBP, new Dimensions(1200, 900), 120, Orientation.UPRIGHT, false);
    long most = 3_000_000_000L;
    PredictedCost.verify(animation).requireAtMost(most);
    PredictedCost.render(animation, List.of(), MediaType.WEBP).requireAtMost(most);
    List<RenderStep> thumbnail =
        List.of(new RenderStep.Shrink(new Dimensions(256, 192), RenderStep.Quality.FAST));
    assertThat(PredictedCost.render(animation, thumbnail, MediaType.WEBP).work())
        .isBetween(200_000_000L, 400_000_000L);
    assertThat(PredictedCost.render(animation, thumbnail, MediaType.JPEG).work())
        .isLessThan(16_000_000);
  }

  @Test
  void aLargeOutputCostsMoreThanASmallOne() {
    JobCost small =
        PredictedCost.render(
            jpeg(false),
            List.of(new RenderStep.Shrink(new Dimensions(800, 500), RenderStep.Quality.LANCZOS2)),
            MediaType.PNG);
    JobCost large =
        PredictedCost.render(
            jpeg(false),
            List.of(new RenderStep.Shrink(new Dimensions(7000, 4375), RenderStep.Quality.LANCZOS2)),
            MediaType.PNG);
    assertThat(large.work()).isGreaterThan(10 * small.work());
    assertThat(large.bytes()).isGreaterThan(10 * small.bytes());
  }

  @Test
  void aBlurCostsByWhatItIsDoneOn() {
    long narrow = blurs(1, 1);
    assertThat(blurs(1, 10)).isGreaterThan(8 * narrow);
    assertThat(blurs(20, 1)).as("on a copy that is 400 times smaller").isLessThan(narrow / 2);
    assertThat(blurs(1.5, 1)).as("on a copy, for the picture is large").isLessThan(narrow / 2);
    assertThat(blurs(0.5, 1)).isLessThan(narrow);
  }

  private static long blurs(double sigma, int times) {
    return PredictedCost.render(
                jpeg(false), Collections.nCopies(times, new RenderStep.Blur(sigma)), MediaType.JPEG)
            .work()
        - PredictedCost.render(jpeg(false), List.of(), MediaType.JPEG).work();
  }

  /** With the default of a hundred megapixels a second, and the default of thirty of those. */
  @Test
  void whatCanBeDoneInTimeIsNotRefused() throws Exception {
    long most = 3_000_000_000L;
    for (MediaType target : List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP)) {
      for (MediaType source : List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP)) {
        Probed largest = new Probed(source, PHOTO, 1, Orientation.UPRIGHT, false, true);
        PredictedCost.verify(largest).requireAtMost(most);
        PredictedCost.render(largest, List.of(), target).requireAtMost(most);
        PredictedCost.render(
                largest,
                List.of(
                    new RenderStep.Shrink(new Dimensions(7999, 4999), RenderStep.Quality.LANCZOS2),
                    new RenderStep.Crop(new Dimensions(7998, 4998), 0, 0),
                    new RenderStep.Blur(100)),
                target)
            .requireAtMost(most);
      }
    }
    assertThatThrownBy(
            () ->
                PredictedCost.render(
                        jpeg(false),
                        Collections.nCopies(10, new RenderStep.Blur(1)),
                        MediaType.JPEG)
                    .requireAtMost(most))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.TOO_EXPENSIVE))
        .hasMessage("Image work of about 3720 megapixels is over the limit of 3000 megapixels");
  }

  @Test
  void theLargestHeadersDoNotOverflow() {
    Probed huge =
        new Probed(
            MediaType.WEBP, new Dimensions(65_535, 65_535), 1_000_000, Orientation.UPRIGHT, false);
    assertThat(PredictedCost.verify(huge).bytes()).isGreaterThan(1L << 50);
    assertThat(PredictedCost.render(huge, List.of(), MediaType.WEBP).work())
        .isGreaterThan(1L << 50);
    assertThat(PredictedCost.video(huge).bytes()).isPositive();
  }
}
