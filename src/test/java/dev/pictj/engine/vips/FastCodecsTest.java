package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WrittenJpeg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --fast-codecs off} makes is libvips' own, and nearly what is made else. */
class FastCodecsTest {
  @TempDir Path folder;

  private byte[] made(Job job, Path source) throws Exception {
    Path output = Files.write(folder.resolve("made"), new byte[0]);
    try (InProcess here = new InProcess(Engines.vips(), 2, Duration.ofSeconds(60), 1 << 30)) {
      here.work(job, source, output);
    }
    return Files.readAllBytes(output);
  }

  private void assertNearlyTheSame(byte[] picture, Dimensions to, MediaType target, boolean same)
      throws Exception {
    Path source = new Kitchen(folder).source(picture);
    List<RenderStep> steps = List.of(new RenderStep.Shrink(to, RenderStep.Quality.FAST));
    Job fast = Kitchen.job(source, steps, target);
    Job off = Kitchen.with(fast, false);
    byte[] byVips = made(off, source);
    assertThat(byVips).isEqualTo(Kitchen.decodedByVips(off, source));
    byte[] found = made(fast, source);
    assertThat(java.util.Arrays.equals(found, byVips)).isEqualTo(same);
    assertThat(Likeness.distance(Kitchen.picture(found), Kitchen.picture(byVips))).isLessThan(2);
  }

  @Test
  void jpegsThatJavaDecodes() throws Exception {
    byte[] jpeg = WrittenJpeg.of(Pictures.drawing(816, 600, 0)).sampling(2, 2).bytes();
    assertNearlyTheSame(jpeg, new Dimensions(51, 38), MediaType.PNG, false);
  }

  @Test
  void jpegsThatAreShrunkPlaneByPlane() throws Exception {
    byte[] jpeg = WrittenJpeg.of(Pictures.drawing(816, 600, 0)).sampling(2, 2).bytes();
    assertNearlyTheSame(jpeg, new Dimensions(408, 300), MediaType.JPEG, false);
  }

  @Test
  void pngs() throws Exception {
    assertNearlyTheSame(Pictures.png(300, 200), new Dimensions(100, 67), MediaType.PNG, true);
  }
}
