package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.media.AvifSequence;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.Samples;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an animated AVIF that is stored. */
class AnimatedAvifTest {
  @TempDir Path folder;

  private FfmpegTranscoder transcoder() throws Exception {
    return FfmpegTranscoder.start(
        StartTask.done(FfmpegTool.find(List.of(Path.of("/usr/bin")))),
        new FfmpegLimits(Duration.ofSeconds(60), 3L << 30, 512 << 20, 512 << 20),
        new Limits(4000, 4000, 10_000_000, 170),
        VideoRules.SILENT_MP4,
        new ChildRunner(folder, Sandboxes.best(folder)));
  }

  private Path store(byte[] avif) throws Exception {
    Path source = Files.write(folder.resolve("source"), avif);
    transcoder().store(source, new HeaderProbe().probe(source), folder.resolve("stored"));
    return folder.resolve("stored");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsSoundKeepsItsTracks(boolean alpha) throws Exception {
    AvifSequence stored = AvifSequence.of(store(Movies.avif(alpha))).orElseThrow();
    assertThat(stored.frames()).isEqualTo(5);
    assertThat(stored.alpha().isPresent()).isEqualTo(alpha);
  }

  /** 100, 50, 25 at an alpha of 128 is what is left of 200, 100, 50. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void coloursThatAreMultipliedByTransparencyAreAsBright(int plays) throws Exception {
    String colour = " -f lavfi -i color=c=0x643219:s=64x48:r=10:d=0.3,format=gbrp";
    String alpha = " -f lavfi -i color=c=0x808080:s=64x48:r=10:d=0.3,format=gbrp";
    byte[] made =
        Movies.made(
            "avif",
            colour
                + alpha
                + " -filter_complex [0:v]scale=out_range=pc,format=yuv444p[c];"
                + "[1:v]scale=out_range=pc,format=gray[a]"
                + " -map [c] -map [a] -c:v libaom-av1 -cpu-used 8 -crf 5 -color_range pc");
    Path source = Files.write(folder.resolve("multiplied"), made);
    AvifBoxes.write(source, plays, /* premultiplied= */ true, List.of());
    Path stored = store(Files.readAllBytes(source));
    AvifSequence sequence = AvifSequence.of(stored).orElseThrow();
    assertThat(sequence.premultiplied()).isTrue();
    assertThat(sequence.plays()).isEqualTo(plays);
    Probed probed = new HeaderProbe().probe(stored);
    assertThat(probed.samples().filter(Samples::premultiplied)).isPresent();
    Path apng = folder.resolve("apng");
    transcoder().toApng(stored, probed, apng);
    Path first = folder.resolve("first");
    transcoder().firstFrame(stored, probed, first);
    assertThat(new HeaderProbe().probe(first).type()).isEqualTo(MediaType.PNG);
    assertThat(ImageIO.read(first.toFile()).getRGB(30, 20))
        .isEqualTo(ImageIO.read(apng.toFile()).getRGB(30, 20));
    Color seen = new Color(ImageIO.read(apng.toFile()).getRGB(30, 20), /* hasalpha= */ true);
    assertThat(seen.getAlpha()).isBetween(126, 130);
    assertThat(seen.getRed()).isBetween(195, 205);
    assertThat(seen.getGreen()).isBetween(95, 105);
    assertThat(seen.getBlue()).isBetween(44, 56);
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
    return withBoxes(Movies.avif(false), box);
  }

  private static byte[] withBoxes(byte[] avif, byte[] boxes) {
    byte[] rest = Movies.box("free", new byte[24 - boxes.length]);
    return Movies.with(avif, Bytes.find(avif, "pasp") - 4, Bytes.join(boxes, rest));
  }

  /** ISO/IEC 23008-12, 6.5.10 and 6.5.12: turned to the left, then mirrored. */
  @ParameterizedTest
  @CsvSource({"1,-1", "2,-1", "3,-1", "0,0", "0,1", "1,0", "3,0", "1,1"})
  void whatIsShownTurnedOrMirroredStaysSo(int quarters, int mirror) throws Exception {
    BufferedImage seen = first(store(Movies.avif(true)));
    Files.delete(folder.resolve("stored"));
    for (int i = 0; i < quarters; i++) {
      seen = turnedLeft(seen);
    }
    if (mirror >= 0) {
      seen = mirrored(seen, mirror == 0);
    }
    byte[] turn = quarters == 0 ? new byte[0] : Movies.box("irot", new byte[] {(byte) quarters});
    byte[] flip = mirror < 0 ? new byte[0] : Movies.box("imir", new byte[] {(byte) mirror});
    Path stored = store(withBoxes(Movies.avif(true), Bytes.join(turn, flip)));
    Probed probed = new HeaderProbe().probe(stored);
    assertThat(probed.dimensions()).isEqualTo(new Dimensions(seen.getWidth(), seen.getHeight()));
    // In the track and, for those who show no animations, in the still.
    String boxes = Files.readString(stored, StandardCharsets.ISO_8859_1);
    assertThat(boxes.split("irot", -1)).hasSize(quarters == 0 ? 1 : 3);
    assertThat(boxes.split("imir", -1)).hasSize(mirror < 0 ? 1 : 3);
    BufferedImage found = first(stored);
    assertThat(pixels(found)).isEqualTo(pixels(seen));
  }

  /** As browsers have it: in the upper left corner, and not elsewhere. */
  @ParameterizedTest
  @CsvSource({"0,40,30", "2,64,48"})
  void whatIsCutStaysSo(int left, int width, int height) throws Exception {
    BufferedImage plain = first(store(Movies.avif(false)));
    Files.delete(folder.resolve("stored"));
    byte[] part =
        Movies.box("clap", Movies.numbers(40, 1, 30, 1, 2 * left + 40 - 64, 2, 30 - 48, 2));
    Path stored = store(Movies.withEntryBoxInFront(Movies.avif(false), part));
    assertThat(new HeaderProbe().probe(stored).dimensions())
        .isEqualTo(new Dimensions(width, height));
    assertThat(pixels(first(stored))).isEqualTo(pixels(plain.getSubimage(0, 0, width, height)));
  }

  /** Likewise. */
  @Test
  void whatElseATrackSaysOfItsShapeSaysNothing() throws Exception {
    BufferedImage plain = first(store(Movies.avif(false)));
    byte[] odd = Movies.avif(false);
    for (int header : Movies.places(odd, "tkhd")) {
      int end = header + ByteBuffer.wrap(odd).getInt(header);
      odd = Movies.with(odd, end - 44, Movies.numbers(0, 1 << 16, 0, -1 << 16, 0, 0));
    }
    odd = Movies.with(odd, Bytes.find(odd, "pasp") + 4, Movies.numbers(2, 1));
    Files.delete(folder.resolve("stored"));
    Path stored = store(odd);
    assertThat(new HeaderProbe().probe(stored).dimensions()).isEqualTo(new Dimensions(64, 48));
    assertThat(pixels(first(stored))).isEqualTo(pixels(plain));
  }

  private BufferedImage first(Path avif) throws Exception {
    Path apng = folder.resolve("apng");
    transcoder().toApng(avif, new HeaderProbe().probe(avif), apng);
    return ImageIO.read(apng.toFile());
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(
        0, 0, image.getWidth(), image.getHeight(), null, /* offset= */ 0, image.getWidth());
  }

  private static BufferedImage turnedLeft(BufferedImage image) {
    BufferedImage turned =
        new BufferedImage(image.getHeight(), image.getWidth(), BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        turned.setRGB(y, image.getWidth() - 1 - x, image.getRGB(x, y));
      }
    }
    return turned;
  }

  private static BufferedImage mirrored(BufferedImage image, boolean upsideDown) {
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage mirrored = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        mirrored.setRGB(
            upsideDown ? x : width - 1 - x, upsideDown ? height - 1 - y : y, image.getRGB(x, y));
      }
    }
    return mirrored;
  }

  private void refused(byte[] avif, Reason reason) {
    assertThatThrownBy(() -> store(avif))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(folder.resolve("stored")).doesNotExist();
  }
}
