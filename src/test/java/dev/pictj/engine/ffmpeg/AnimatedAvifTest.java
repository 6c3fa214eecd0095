package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.media.AvifSequence;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an animated AVIF that is stored. */
class AnimatedAvifTest {
  @TempDir Path folder;

  private Path store(byte[] avif) throws Exception {
    FfmpegTranscoder transcoder =
        FfmpegTranscoder.start(
            StartTask.done(FfmpegTool.find(List.of(Path.of("/usr/bin")))),
            new FfmpegLimits(Duration.ofSeconds(60), 3L << 30, 512 << 20, 512 << 20),
            new Limits(4000, 4000, 10_000_000, 170),
            VideoRules.SILENT_MP4,
            new ChildRunner(folder, Sandboxes.best(folder)));
    Path source = Files.write(folder.resolve("source"), avif);
    transcoder.store(source, new HeaderProbe().probe(source), folder.resolve("stored"));
    return folder.resolve("stored");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsSoundKeepsItsTracks(boolean alpha) throws Exception {
    AvifSequence stored = AvifSequence.of(store(Movies.avif(alpha))).orElseThrow();
    assertThat(stored.frames()).isEqualTo(5);
    assertThat(stored.alpha().isPresent()).isEqualTo(alpha);
  }

  @ParameterizedTest
  @CsvSource({"0", "1"})
  void whatIsDamagedIsRefusedBeforeItIsWritten(int track) {
    byte[] avif = Movies.avif(true);
    ByteBuffer file = ByteBuffer.wrap(avif);
    int sample = file.getInt(Movies.places(avif, "stco").get(track) + 16 + 4 * 2);
    int length = file.getInt(Movies.places(avif, "stsz").get(track) + 20 + 4 * 2);
    for (int i = sample + 8; i < sample + length; i++) {
      avif[i] = (byte) (avif[i] ^ 0x5A);
    }
    refused(avif, Reason.INVALID);
  }

  /** The still beside them says nothing, or that it is sRGB. */
  @Test
  void theFramesTellTheirColours() throws Exception {
    byte[] colours = Movies.colours(9, 16, 9, true);
    refused(withColours(colours), Reason.UNSUPPORTED);
    byte[] profile = Movies.box("colr", Bytes.ascii("prof"), new byte[8]);
    refused(withColours(profile), Reason.UNSUPPORTED);
    store(withColours(Movies.colours(1, 13, 1, true)));
  }

  /** In the place of two boxes of the track that mean nothing here. */
  private static byte[] withColours(byte[] box) {
    byte[] avif = Movies.avif(false);
    byte[] rest = Movies.box("free", new byte[24 - box.length]);
    return Movies.with(avif, Bytes.find(avif, "pasp") - 4, Bytes.join(box, rest));
  }

  private void refused(byte[] avif, Reason reason) {
    assertThatThrownBy(() -> store(avif))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(folder.resolve("stored")).doesNotExist();
  }
}
