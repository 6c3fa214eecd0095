package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "17, 17 bytes",
    "1024, 1 KiB",
    "1536, 1.5 KiB",
    "41943040, 40 MiB",
    "1572864, 1.5 MiB",
  })
  void bytesAreSaidInTheUnitsOfTheSettings(long bytes, String said) {
    assertThat(Quantity.bytes(bytes)).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({"99999, 99999 pixels", "40000000, 40 megapixels", "48234496, 48.2 megapixels"})
  void pixelsAreSaidAsCamerasSayThem(long pixels, String said) {
    assertThat(Quantity.pixels(pixels)).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({
    "10001, 5, 1, Image is 10001 pixels wide; over the limit of 10000 pixels",
    "5, 12000, 1, Image is 12000 pixels high; over the limit of 10000 pixels",
    "8000, 6000, 1, Image has 48 megapixels (8000x6000); over the limit of 40 megapixels",
    "8000, 5001, 1, Image has 40008000 pixels (8000x5001); over the limit of 40000000 pixels",
    "5, 5, 11, Image has 11 frames; over the limit of 10 frames",
  })
  void limitsNameTheValueAndThemselves(int width, int height, int frames, String said) {
    Limits limits = new Limits(10_000, 10_000, 40_000_000, 10);
    assertThatThrownBy(() -> limits.check(new Dimensions(width, height), frames))
        .hasMessage(said.replace(';', ','));
  }

  @Test
  void limitsNameWhatTheyAreOf() {
    Limits limits = new Limits(10_000, 10_000, 40_000_000, 10);
    Dimensions size = new Dimensions(5, 5);
    for (MediaType type : List.of(MediaType.MP4, MediaType.GIF, MediaType.WEBP)) {
      Probed probed = new Probed(type, size, 11, Orientation.UPRIGHT, /* cmyk= */ false);
      assertThatThrownBy(() -> limits.check(probed, size, 11))
          .hasMessage(
              (type == MediaType.MP4 ? "Video" : "Animation")
                  + " has 11 frames, over the limit of 10 frames");
    }
  }

  @Test
  void noCutParts() {
    String face = "\uD83D\uDE00";
    assertThat(Excerpt.of("ab", 2)).isEqualTo("ab");
    assertThat(Excerpt.of("a" + face, 2)).isEqualTo("a");
    assertThat(Excerpt.of(face + face, 2)).isEqualTo(face);
    assertThat(Excerpt.ofLine("a\r\n\u202E\"`" + face.charAt(0))).isEqualTo("a???''?");
    assertThat(Excerpt.ofLine(face.repeat(30))).isEqualTo(face.repeat(30));
    assertThat(Excerpt.ofLine("n" + face.repeat(30))).isEqualTo("n" + face.repeat(29) + "…");
  }
}
