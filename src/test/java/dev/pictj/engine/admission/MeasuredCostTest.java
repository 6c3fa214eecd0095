package dev.pictj.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.EncoderSettings;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.magick.MagickEngine;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.magick.UsualLimits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is predicted to cost much more than another thing does cost more: the order of what
 * ImageMagick's processes took of the processors, which does not depend on who else works.
 */
@Tag("slow")
class MeasuredCostTest {
  /** What is predicted to be so many times as much must be more. */
  private static final long CLEARLY_MORE = 4;

  private static final int SIDE = 1600;
  private static final Dimensions THUMBNAIL = new Dimensions(100, 100);

  @TempDir private Path folder;

  private record Work(String name, byte[] source, List<RenderStep> steps, MediaType target) {}

  private record Measured(String name, long predicted, long milliseconds) {}

  private static List<Work> works() {
    byte[] plain = Pictures.jpeg(SIDE, SIDE);
    byte[] progressive = Pictures.jpegProgressive(SIDE, SIDE);
    byte[] small = Pictures.jpeg(300, 300);
    RenderStep thumbnail = new RenderStep.Shrink(THUMBNAIL, RenderStep.Quality.FAST);
    RenderStep resize =
        new RenderStep.Shrink(new Dimensions(SIDE - 10, SIDE - 10), RenderStep.Quality.LANCZOS2);
    return List.of(
        new Work("thumbnail of a small one", small, List.of(thumbnail), MediaType.JPEG),
        new Work("thumbnail", plain, List.of(thumbnail), MediaType.JPEG),
        new Work("thumbnail of a progressive one", progressive, List.of(thumbnail), MediaType.JPEG),
        new Work("copy", plain, List.of(), MediaType.JPEG),
        new Work("copy as PNG", plain, List.of(), MediaType.PNG),
        new Work("copy as WebP", plain, List.of(), MediaType.WEBP),
        new Work("resize", plain, List.of(resize), MediaType.JPEG),
        new Work("blur 0.5", plain, blurs(0.5, 1), MediaType.JPEG),
        new Work("blur 1", plain, blurs(1, 1), MediaType.JPEG),
        new Work("blur 10", plain, blurs(10, 1), MediaType.JPEG),
        new Work("ten blurs of 1", plain, blurs(1, 10), MediaType.JPEG),
        new Work("ten blurs of 10", plain, blurs(10, 10), MediaType.JPEG));
  }

  private static List<RenderStep> blurs(double sigma, int times) {
    return Collections.nCopies(times, new RenderStep.Blur(sigma));
  }

  @Test
  void whatIsPredictedToCostClearlyMoreDoes() throws Exception {
    MagickEngine engine =
        MagickEngine.start(
            MagickTools.find(List.of(timed())),
            UsualLimits.ofMagick(),
            new PictureRules(
                new Limits(10_000, 10_000, 40_000_000, 1),
                Duration.ofSeconds(60),
                EncoderSettings.USUAL),
            new ChildRunner(folder, Sandboxes.with(folder).getLast()));
    List<Measured> all = new ArrayList<>();
    for (Work work : works()) {
      Path source = Files.write(folder.resolve("source"), work.source());
      Probed probed = new HeaderProbe().probe(source);
      engine.render(source, probed, work.steps(), work.target(), folder.resolve("out"));
      all.add(
          new Measured(
              work.name(),
              PredictedCost.render(probed, work.steps(), work.target()).work(),
              milliseconds()));
    }
    assertThat(all).as("the costliest is seen").anyMatch(one -> one.milliseconds() >= 200);
    for (Measured more : all) {
      for (Measured less : all) {
        if (more.predicted() > CLEARLY_MORE * less.predicted()) {
          assertThat(more.milliseconds())
              .as("%s and %s", more, less)
              .isGreaterThanOrEqualTo(less.milliseconds());
        }
      }
    }
  }

  /** A folder with an ImageMagick that writes down what it took of the processors. */
  private Path timed() throws Exception {
    Path script = Files.createDirectories(folder.resolve("timed")).resolve("convert");
    Files.writeString(
        script,
        """
        #!/bin/sh
        /usr/bin/convert "$@"
        code=$?
        times > %s
        exit $code
        """
            .formatted(folder.resolve("times")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script.getParent();
  }

  /** The second line of the shell's {@code times}: those of its children, as in 0m1.230s. */
  private long milliseconds() throws Exception {
    String children = Files.readAllLines(folder.resolve("times")).get(1);
    double seconds = 0;
    for (String time : children.split(" ")) {
      String[] parts = time.replace("s", "").split("m");
      seconds += 60 * Double.parseDouble(parts[0]) + Double.parseDouble(parts[1]);
    }
    return Math.round(1000 * seconds);
  }
}
