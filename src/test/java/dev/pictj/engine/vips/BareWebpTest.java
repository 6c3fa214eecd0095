package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WebpChunks;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareWebpTest {
  @TempDir Path folder;

  private static Optional<byte[]> bare(byte[] webp) {
    try (Arena arena = Arena.ofConfined()) {
      return BareWebp.of(arena.allocateFrom(ValueLayout.JAVA_BYTE, webp), arena)
          .map(bytes -> bytes.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private byte[] stripped(byte[] webp) throws Exception {
    Path from = Files.write(folder.resolve("from"), webp);
    Path to = folder.resolve("to");
    Files.deleteIfExists(to);
    new MetadataStripper().strip(MediaType.WEBP, from, Files.createFile(to));
    return Files.readAllBytes(to);
  }

  @Test
  void leavesWhatTheStripperLeaves() throws Exception {
    for (byte[] webp :
        List.of(Pictures.webp(41, 30), Pictures.webpLossless(41, 30), Pictures.webpAlpha(41, 30))) {
      byte[] tagged = WebpChunks.withExif(webp, 41, 30, 1);

      assertThat(bare(tagged))
          .hasValueSatisfying(
              found ->
                  assertThat(found).isEqualTo(unchecked(tagged)).hasSizeLessThan(tagged.length));
    }
  }

  private byte[] unchecked(byte[] webp) {
    try {
      return stripped(webp);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whateverHasOtherPartsIsLeftToTheStripper() {
    byte[] webp = Pictures.webp(41, 30);
    for (byte[] other :
        List.of(
            webp,
            WebpChunks.withIcc(webp, 41, 30),
            WebpChunks.withXmp(webp, 41, 30),
            Pictures.animatedWebp(41, 30, 2),
            WebpChunks.withTrailing(WebpChunks.withExif(webp, 41, 30, 1), new byte[] {1, 2, 3}),
            Pictures.jpeg(41, 30),
            new byte[0])) {
      assertThat(bare(other)).isEmpty();
    }
  }

  @Test
  void whatIsCutShortIsLeftToTheStripper() {
    byte[] webp = WebpChunks.withExif(Pictures.webp(41, 30), 41, 30, 1);
    for (int length = 0; length < webp.length; length++) {
      assertThat(bare(Arrays.copyOf(webp, length))).as("%d", length).isEmpty();
    }
  }

  /** Whichever libvips made it: what a worker hands out as WebP has nothing to be taken away. */
  @Test
  void allThatIsRenderedIsBare() throws Exception {
    byte[] png = Pictures.pngAlpha(60, 40);
    Encoding encoding = new Encoding(90, JpegTraits.Chroma.USUAL, false, 2, 1);
    List<RenderStep> half =
        List.of(new RenderStep.Shrink(new Dimensions(30, 20), RenderStep.Quality.LANCZOS2));
    Job job =
        new Job(
            MediaType.PNG,
            new Dimensions(60, 40),
            Orientation.UPRIGHT,
            half,
            MediaType.WEBP,
            encoding);
    byte[][] result = new byte[1][];
    boolean[] bare = new boolean[1];
    try (Arena arena = Arena.ofConfined();
        dev.pictj.engine.vips.Pictures pictures =
            new dev.pictj.engine.vips.Pictures(Engines.vips())) {
      new Rendering(Engines.vips(), job, pictures, arena)
          .run(
              arena.allocateFrom(ValueLayout.JAVA_BYTE, png),
              (bytes, clean) -> {
                result[0] = bytes.toArray(ValueLayout.JAVA_BYTE);
                bare[0] = clean;
              });
    }

    assertThat(bare[0]).isTrue();
    assertThat(result[0]).isEqualTo(stripped(result[0]));
    assertThat(Bytes.find(result[0], "EXIF")).isNegative();
  }
}
