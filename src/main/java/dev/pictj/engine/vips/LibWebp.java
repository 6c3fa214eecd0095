package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.media.Dimensions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The functions of libwebp (developers.google.com/speed/webp, {@code decode.h}) that are used. It
 * is there wherever libvips reads WebP, and decodes on the thread that asks: through libvips it has
 * another one filter what the first has unpacked, and that one wakes for every row of blocks.
 *
 * <p>Safe for use by many threads.
 */
@SuppressWarnings("restricted")
final class LibWebp {
  /** {@code WEBP_DECODER_ABI_VERSION}; its high byte must be that of the library. */
  private static final int ABI = 0x0209;

  private static final int OK = 0;

  /** {@code WEBP_CSP_MODE}. */
  private static final int RGB = 0;

  private static final int RGBA = 1;

  /** Where {@code WebPDecoderConfig} has what, in bytes, where pointers have eight. */
  private static final long CONFIG_BYTES = 240;

  private static final long FOUND_WIDTH = 0;
  private static final long FOUND_HEIGHT = 4;
  private static final long COLOUR_SPACE = 40;
  private static final long IS_EXTERNAL = 52;
  private static final long PIXELS = 56;
  private static final long STRIDE = 64;
  private static final long SIZE = 72;
  private static final long USE_SCALING = 188;
  private static final long SCALED_WIDTH = 192;
  private static final long SCALED_HEIGHT = 196;
  private static final long USE_THREADS = 200;

  private final MethodHandle init;
  private final MethodHandle decode;

  private LibWebp(SymbolLookup symbols) {
    Linker linker = Linker.nativeLinker();
    init =
        linker.downcallHandle(
            symbols.findOrThrow("WebPInitDecoderConfigInternal"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    decode =
        linker.downcallHandle(
            symbols.findOrThrow("WebPDecode"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
  }

  /** Looked for by the first who asks. */
  private static final class Lookup {
    static final Optional<LibWebp> FOUND =
        LibVips.optional(LibWebp::new, "libwebp.so.7", "libwebp.7.dylib");
  }

  /** The library, where it is installed. */
  static Optional<LibWebp> installed() {
    return Lookup.FOUND;
  }

  /**
   * Decodes a still.
   *
   * @param file all of it
   * @param stored its own size
   * @param size that it is scaled to
   * @param alpha whether pixels have four bytes or three
   * @param threads whether another one filters and scales what this one has unpacked, which takes
   *     an eighth less time but more of the processors'
   * @param pixels filled row by row; holds anything when the result is false
   * @return whether the file is sound, and has that size
   */
  boolean decode(
      MemorySegment file,
      Dimensions stored,
      Dimensions size,
      boolean alpha,
      boolean threads,
      MemorySegment pixels) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(CONFIG_BYTES, Long.BYTES);
      if ((int) init.invokeExact(config, ABI) == 0) {
        return false;
      }
      config.set(JAVA_INT, COLOUR_SPACE, alpha ? RGBA : RGB);
      config.set(JAVA_INT, IS_EXTERNAL, 1);
      config.set(ADDRESS, PIXELS, pixels);
      config.set(JAVA_INT, STRIDE, size.width() * (alpha ? 4 : 3));
      config.set(JAVA_LONG, SIZE, pixels.byteSize());
      config.set(JAVA_INT, USE_THREADS, threads ? 1 : 0);
      if (!size.equals(stored)) {
        config.set(JAVA_INT, USE_SCALING, 1);
        config.set(JAVA_INT, SCALED_WIDTH, size.width());
        config.set(JAVA_INT, SCALED_HEIGHT, size.height());
      }
      return (int) decode.invokeExact(file, file.byteSize(), config) == OK
          && config.get(JAVA_INT, FOUND_WIDTH) == stored.width()
          && config.get(JAVA_INT, FOUND_HEIGHT) == stored.height();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
