package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.Stills;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TransparencyTest {
  @TempDir private Path folder;

  static Stream<Arguments> pictures() {
    return Stream.of(
        Arguments.of("JPEG", Pictures.jpeg(8, 8), false),
        Arguments.of("PNG", Pictures.png(8, 8), false),
        Arguments.of("PNG of greys", Pictures.pngGrey(8, 8), false),
        Arguments.of("PNG with alpha", Pictures.pngAlpha(8, 8), true),
        Arguments.of("PNG with a palette", Pictures.pngPalette(8, 8), false),
        Arguments.of("GIF", Pictures.gif(8, 8, 1), true),
        Arguments.of("WebP", Pictures.webp(8, 8), false),
        Arguments.of("WebP with alpha", Pictures.webpAlpha(8, 8), true),
        Arguments.of("WebP without loss", Pictures.webpLossless(8, 8), false),
        Arguments.of("AVIF", Stills.avif(), false),
        Arguments.of("AVIF with alpha", Stills.avifAlpha(), true),
        Arguments.of("JPEG XL", Stills.jxl(), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pictures")
  void theHeaderTells(String name, byte[] picture, boolean transparent) throws Exception {
    Path file = Files.write(folder.resolve("picture"), picture);
    assertThat(Transparency.isPossible(file)).isEqualTo(transparent);
  }
}
