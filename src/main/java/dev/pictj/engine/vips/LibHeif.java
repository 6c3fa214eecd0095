package dev.pictj.engine.vips;

import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.UnavailableException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What libheif (github.com/strukturag/libheif, {@code heif.h}), by which libvips reads and writes
 * AVIF and HEIC, is able to do: its codecs may be packages of their own.
 */
final class LibHeif {
  /** {@code heif_compression_format}. */
  static final int HEVC = 1;

  static final int AV1 = 4;

  /** Older ones end the process that has AV1 of ten bits written. */
  private static final int OLDEST_WITH_TEN_BITS = 1 << 24 | 17 << 16;

  private final NativeFunction version;
  private final NativeFunction decodes;
  private final NativeFunction encodes;

  private LibHeif(NativeLibrary library) throws UnavailableException {
    version = library.function("int heif_get_version_number()");
    decodes = library.function("int heif_have_decoder_for_format(int)");
    encodes = library.function("int heif_have_encoder_for_format(int)");
    if (library.has("heif_init")) {
      // Finds the codecs that are packages of their own.
      library.function("void heif_init(ptr)").call(MemorySegment.NULL);
    }
  }

  /** Loads the library when it is asked for the first time. */
  private static final class Lookup {
    static final Optional<LibHeif> FOUND =
        NativeLibrary.optional(LibHeif::new, "libheif.so.1", "libheif.1.dylib");
  }

  /** The library, where it is installed. */
  static Optional<LibHeif> installed() {
    return Lookup.FOUND;
  }

  /** Such as {@code 1.15.1}. */
  String version() {
    int number = version.callInt();
    return "%d.%d.%d".formatted(number >>> 24, number >> 16 & 0xFF, number >> 8 & 0xFF);
  }

  boolean decodes(int format) {
    return decodes.callInt(format) != 0;
  }

  boolean encodes(int format) {
    return encodes.callInt(format) != 0;
  }

  /**
   * The depth that a picture of this one is written in: ten bits become twelve where ten are too
   * much for the encoder.
   */
  static int writtenDepth(int depth) {
    boolean able =
        installed().filter(it -> it.version.callInt() >= OLDEST_WITH_TEN_BITS).isPresent();
    return depth > 8 && depth <= 10 && !able ? 12 : depth;
  }
}
