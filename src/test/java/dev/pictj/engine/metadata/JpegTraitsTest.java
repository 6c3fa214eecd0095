package dev.pictj.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.MediaType;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JpegTraitsTest {
  @TempDir private Path folder;

  @Test
  void aChildHasItsSourcesQualityButNotThatOfABadOne() throws Exception {
    for (int quality : new int[] {1, 5, 30, 60, 75, 76, 90, 100}) {
      Path jpeg = written(Pictures.jpegQuality(60, 40, quality / 100f));
      assertThat(JpegTraits.of(jpeg).quality()).isEqualTo(quality);
      assertThat(JpegTraits.forChildOf(jpeg, MediaType.JPEG))
          .isEqualTo(new JpegTraits(Math.max(75, quality), JpegTraits.of(jpeg).chroma()));
    }
  }

  @Test
  void tablesThatAreNotTheStandardOnesAreAnotherQuality() throws Exception {
    // Steps of quantisation in 16 bits, coarser than any that libjpeg has a number for.
    Path jpeg =
        written(
            CodedJpeg.colour(Pictures.drawing(60, 40, 0), 900, 2, 2, 1, 1, 1, 1).wide().bytes());
    assertThat(JpegTraits.of(jpeg).quality()).isLessThan(5);
    assertThat(JpegTraits.forChildOf(jpeg, MediaType.JPEG))
        .isEqualTo(new JpegTraits(75, JpegTraits.Chroma.QUARTER));
  }

  private Path written(byte[] jpeg) throws Exception {
    return Files.write(folder.resolve("picture"), jpeg);
  }
}
