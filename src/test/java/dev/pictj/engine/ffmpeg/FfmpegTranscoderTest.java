package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Pictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class FfmpegTranscoderTest {
  private static final Limits LIMITS = new Limits(5000, 5000, 20_000_000, 50);

  @TempDir Path folder;

  private FfmpegTranscoder transcoder(Path tools) throws Exception {
    return FfmpegTranscoder.start(
        StartTask.done(FfmpegTool.find(List.of(tools))),
        new FfmpegLimits(Duration.ofSeconds(20), 3L << 30, 512 << 20, 512 << 20),
        LIMITS,
        VideoRules.SILENT_MP4,
        new ChildRunner(folder, Sandboxes.best(folder)));
  }

  private Path gif() throws Exception {
    return gif("33x21");
  }

  private Path gif(String size) throws Exception {
    Process process =
        new ProcessBuilder(
                "/usr/bin/convert",
                "-delay",
                "10",
                "-size",
                size,
                "xc:none",
                "xc:red",
                "xc:blue",
                "-loop",
                "0",
                "gif:a.gif")
            .directory(folder.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return folder.resolve("a.gif");
  }

  private static Probed probed(MediaType type) {
    return new Probed(type, new Dimensions(33, 21), 3, Orientation.UPRIGHT, false);
  }

  @Test
  void makesTheSameMp4EachTimeOnWhiteWithEvenSides() throws Exception {
    FfmpegTranscoder transcoder = transcoder(Path.of("/usr/bin"));
    Path first = folder.resolve("1.mp4");
    Path second = folder.resolve("2.mp4");
    Path frame = folder.resolve("f.jpg");

    transcoder.store(gif(), probed(MediaType.GIF), first);
    transcoder.store(gif(), probed(MediaType.GIF), second);
    transcoder.firstFrame(first, new HeaderProbe().probeAgain(first), frame);

    assertThat(first).hasSameBinaryContentAs(second);
    BufferedImage image = ImageIO.read(frame.toFile());
    assertThat(image.getWidth()).isEqualTo(32);
    assertThat(image.getHeight()).isEqualTo(20);
    Color color = new Color(image.getRGB(16, 10));
    assertThat(Math.min(color.getRed(), Math.min(color.getGreen(), color.getBlue())))
        .isGreaterThan(245);
  }

  @Test
  void anEncoderThatIsMissingIsNamed() throws Exception {
    Path program = Files.createDirectory(folder.resolve("tools")).resolve("ffmpeg");
    Files.writeString(
        program,
        """
        #!/bin/sh
        if [ "$*" = -version ]; then
          /usr/bin/ffmpeg -version | sed s/--enable-libaom//
        else
          exec /usr/bin/ffmpeg "$@"
        fi
        """);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(program.resolveSibling("ffprobe"), Path.of("/usr/bin/ffprobe"));
    Path apng = folder.resolve("a.png");
    List<String> line =
        List.of("/usr/bin/ffmpeg", "-i", gif().toString(), "-f", "apng", apng.toString());
    assertThat(new ProcessBuilder(line).start().waitFor()).isZero();

    assertThatThrownBy(
            () ->
                transcoder(program.getParent())
                    .toAvif(apng, probed(MediaType.APNG), folder.resolve("a.avif")))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("libaom");
  }

  @Test
  void transcodesMp4Again() throws Exception {
    FfmpegTranscoder transcoder = transcoder(Path.of("/usr/bin"));
    Path first = folder.resolve("1.mp4");
    Path second = folder.resolve("2.mp4");
    transcoder.store(gif(), probed(MediaType.GIF), first);

    transcoder.store(first, new HeaderProbe().probe(first), second);

    assertThat(second).isNotEmptyFile();
  }

  /** Neither the first video track, nor the one that ffmpeg would take, nor the first of all. */
  @Test
  void theTrackThatTheHeadersReaderChoseIsTaken() throws Exception {
    Path movie =
        Files.write(
            folder.resolve("3.mp4"),
            Movies.made(
                "mp4",
                "-f lavfi -i sine=d=0.3 -f lavfi -i testsrc=s=32x32:r=10:d=0.3"
                    + " -f lavfi -i testsrc=s=96x64:r=10:d=0.3 -f lavfi -i testsrc=s=128x96:d=0.04"
                    + " -map 0 -map 1 -map 2 -map 3 -c:v libx264 -preset ultrafast"
                    + " -pix_fmt yuv420p -c:a aac"));
    Path out = folder.resolve("o.mp4");
    FfmpegTranscoder transcoder = transcoder(Path.of("/usr/bin"));
    transcoder.store(movie, new HeaderProbe().probe(movie), out);
    assertThat(new HeaderProbe().probe(out).dimensions()).isEqualTo(new Dimensions(96, 64));
    Path still = folder.resolve("f.jpg");
    transcoder.firstFrame(movie, new HeaderProbe().probe(movie), still);
    assertThat(ImageIO.read(still.toFile()).getWidth()).isEqualTo(96);
  }

  /** As old cameras wrote them. */
  @ParameterizedTest
  @ValueSource(strings = {"mdat", "pnot"})
  void aMovieMayBeginWithOtherBoxes(String kind) throws Exception {
    Path movie =
        Files.write(folder.resolve("old.mov"), Movies.beginning(Pictures.mov(32, 24, 3), kind));
    Path out = folder.resolve("o.mp4");
    Probed probed = new HeaderProbe().probe(movie);
    transcoder(Path.of("/usr/bin")).store(movie, probed, out);
    assertThat(new HeaderProbe().probe(out).frames()).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNoVideoAndLeavesNothing() throws Exception {
    Path movie = Files.write(folder.resolve("m.mp4"), Pictures.mp4(40, 30, 3));
    Probed probed = new HeaderProbe().probe(movie);
    Files.delete(movie);
    Path text = Files.writeString(folder.resolve("t.mp4"), "no video");
    Path out = folder.resolve("o.mp4");

    assertThatThrownBy(() -> transcoder(Path.of("/usr/bin")).store(text, probed, out))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageNotContaining("/");
    try (var left = Files.list(folder)) {
      assertThat(left.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("t.mp4", "ffmpeg");
    }
  }

  @Test
  void refusesWhatTakesTooMuchMemoryOrDisk() throws Exception {
    long mib = 1 << 20;
    Path large = gif("2000x2000");
    Probed header = new HeaderProbe().probe(large);
    Path out = folder.resolve("o.mp4");

    for (FfmpegLimits limits :
        List.of(
            new FfmpegLimits(Duration.ofSeconds(20), 400 * mib, mib, mib),
            new FfmpegLimits(Duration.ofSeconds(20), 3072 * mib, mib, 500))) {
      FfmpegTranscoder limited =
          FfmpegTranscoder.start(
              StartTask.done(FfmpegTool.find(List.of(Path.of("/usr/bin")))),
              limits,
              LIMITS,
              VideoRules.SILENT_MP4,
              new ChildRunner(folder, Sandboxes.best(folder)));

      assertThatThrownBy(() -> limited.store(large, header, out))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE));
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void largeFramesAreEncodedInModestMemory() throws Exception {
    // As many as are looked ahead at when frames are small, which took more than 2 GB.
    Process process =
        new ProcessBuilder(
                "/usr/bin/ffmpeg",
                "-nostdin",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "color=c=gray:s=4000x3000:r=10",
                "-frames:v",
                "36",
                "large.gif")
            .directory(folder.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    Path out = folder.resolve("o.mp4");
    FfmpegTranscoder.start(
            StartTask.done(FfmpegTool.find(List.of(Path.of("/usr/bin")))),
            new FfmpegLimits(Duration.ofSeconds(60), 2048L << 20, 512 << 20, 512 << 20),
            LIMITS,
            VideoRules.SILENT_MP4,
            new ChildRunner(folder, Sandboxes.best(folder)))
        .store(
            folder.resolve("large.gif"),
            new Probed(MediaType.GIF, new Dimensions(4000, 3000), 36, Orientation.UPRIGHT, false),
            out);
    assertThat(out).isNotEmptyFile();
  }

  @Test
  void saysWhenFfmpegIsMissing() throws Exception {
    FfmpegTranscoder transcoder = transcoder(folder);

    assertThatThrownBy(
            () -> transcoder.store(gif(), probed(MediaType.GIF), folder.resolve("o.mp4")))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("ffmpeg is not installed on this server");
  }
}
