package dev.pictj.engine.vips;

import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The libraries by which libvips reads and writes single formats. */
final class Codecs {
  private Codecs() {}

  /** Their names and versions, such as {@code libwebp 1.5.0}, of those that are installed. */
  static List<String> installed() {
    return Stream.of(
            LibHeif.installed().map(heif -> "libheif " + heif.version()),
            LibJxl.installed().map(jxl -> "libjxl " + jxl.version()),
            webp())
        .flatMap(Optional::stream)
        .toList();
  }

  /** {@code webp/decode.h}: a byte a number. */
  private static Optional<String> webp() {
    return number("int WebPGetDecoderVersion()", "libwebp.so.7", "libwebp.7.dylib")
        .map(it -> "libwebp %d.%d.%d".formatted(it >> 16, it >> 8 & 0xFF, it & 0xFF));
  }

  private static Optional<Integer> number(String function, String... names) {
    return NativeLibrary.optional(library -> library.function(function), names)
        .map(NativeFunction::callInt);
  }
}
