package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
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
 * The functions of libwebp (developers.google.com/speed/webp, {@code encode.h}) that are used to
 * write a picture that is in memory already, as libvips would have it written, and to shrink one as
 * its decoder does.
 *
 * <p>Safe for use by many threads.
 */
@SuppressWarnings("restricted")
final class WebpEncoder {
  /** {@code WEBP_ENCODER_ABI_VERSION}; its high byte must be that of the library. */
  private static final int ABI = 0x020F;

  /** {@code WEBP_PRESET_DEFAULT}. */
  private static final int DEFAULT = 0;

  /** Where {@code WebPConfig}, {@code WebPPicture} and {@code WebPMemoryWriter} have what. */
  private static final long CONFIG_BYTES = 116;

  private static final long METHOD = 8;
  private static final long PICTURE_BYTES = 256;
  private static final long WIDTH = 8;
  private static final long HEIGHT = 12;
  private static final long USE_ARGB = 0;
  private static final long ARGB = 72;
  private static final long ARGB_STRIDE = 80;
  private static final long WRITER = 96;
  private static final long CUSTOM = 104;
  private static final long WRITER_BYTES = 32;
  private static final long WRITTEN = 0;
  private static final long WRITTEN_SIZE = 8;

  /** Of a pixel that can be encoded: red, green and blue. */
  static final int BANDS = 3;

  private final MethodHandle initConfig;
  private final MethodHandle initPicture;
  private final MethodHandle importRgb;
  private final MethodHandle importBgra;
  private final MethodHandle rescale;
  private final MethodHandle initWriter;
  private final MethodHandle encode;
  private final MethodHandle freePicture;
  private final MethodHandle free;
  private final MemorySegment write;

  private WebpEncoder(SymbolLookup symbols) {
    Linker linker = Linker.nativeLinker();
    initConfig =
        linker.downcallHandle(
            symbols.findOrThrow("WebPConfigInitInternal"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_FLOAT, JAVA_INT));
    initPicture =
        linker.downcallHandle(
            symbols.findOrThrow("WebPPictureInitInternal"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    importRgb =
        linker.downcallHandle(
            symbols.findOrThrow("WebPPictureImportRGB"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    importBgra =
        linker.downcallHandle(
            symbols.findOrThrow("WebPPictureImportBGRA"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    rescale =
        linker.downcallHandle(
            symbols.findOrThrow("WebPPictureRescale"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    initWriter =
        linker.downcallHandle(
            symbols.findOrThrow("WebPMemoryWriterInit"), FunctionDescriptor.ofVoid(ADDRESS));
    encode =
        linker.downcallHandle(
            symbols.findOrThrow("WebPEncode"), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    freePicture =
        linker.downcallHandle(
            symbols.findOrThrow("WebPPictureFree"), FunctionDescriptor.ofVoid(ADDRESS));
    free =
        linker.downcallHandle(symbols.findOrThrow("WebPFree"), FunctionDescriptor.ofVoid(ADDRESS));
    write = symbols.findOrThrow("WebPMemoryWrite");
  }

  /** Looked for by the first who asks. */
  private static final class Lookup {
    static final Optional<WebpEncoder> FOUND =
        LibVips.optional(WebpEncoder::new, "libwebp.so.7", "libwebp.7.dylib");
  }

  /** The encoder, where libwebp is installed. */
  static Optional<WebpEncoder> installed() {
    return Lookup.FOUND;
  }

  /**
   * Encodes a picture with loss.
   *
   * @param pixels of red, green and blue; the profile is not written
   * @param quality 0 to 100
   * @param effort 0 (fast) to 6 (small)
   * @param keeper has the bytes until it is closed
   * @return empty when there is not the memory, or the library is another one
   */
  Optional<MemorySegment> encode(Pixels pixels, int quality, int effort, Arena keeper) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(CONFIG_BYTES, Long.BYTES);
      MemorySegment picture = arena.allocate(PICTURE_BYTES, Long.BYTES);
      MemorySegment writer = arena.allocate(WRITER_BYTES, Long.BYTES);
      if ((int) initConfig.invokeExact(config, DEFAULT, (float) quality, ABI) == 0
          || (int) initPicture.invokeExact(picture, ABI) == 0) {
        return Optional.empty();
      }
      config.set(JAVA_INT, METHOD, effort);
      initWriter.invokeExact(writer);
      picture.set(JAVA_INT, WIDTH, pixels.size().width());
      picture.set(JAVA_INT, HEIGHT, pixels.size().height());
      picture.set(ADDRESS, WRITER, write);
      picture.set(ADDRESS, CUSTOM, writer);
      boolean written = write(config, picture, pixels);
      MemorySegment bytes = writer.get(ADDRESS, WRITTEN);
      if (!written) {
        free(bytes);
        return Optional.empty();
      }
      return Optional.of(
          bytes.reinterpret(writer.get(JAVA_LONG, WRITTEN_SIZE), keeper, this::free));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Shrinks a picture: each pixel becomes the mean of those that it stands for, weighted by how
   * opaque they are. That takes a twentieth of the time of a filter of libvips.
   *
   * @param pixels of red, green, blue and alpha
   * @param to neither side is longer than its own
   * @param keeper has the result until it is closed
   * @return pixels of the same kind without a profile; empty when there is not the memory, or the
   *     library is another one
   */
  Optional<Pixels> shrink(Pixels pixels, Dimensions to, Arena keeper) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment picture = arena.allocate(PICTURE_BYTES, Long.BYTES);
      if ((int) initPicture.invokeExact(picture, ABI) == 0) {
        return Optional.empty();
      }
      Dimensions size = pixels.size();
      picture.set(JAVA_INT, USE_ARGB, 1);
      picture.set(JAVA_INT, WIDTH, size.width());
      picture.set(JAVA_INT, HEIGHT, size.height());
      try {
        // As blue, green, red and alpha the library has the bytes in memory that it is given.
        if ((int) importBgra.invokeExact(picture, pixels.samples(), 4 * size.width()) == 0
            || (int) rescale.invokeExact(picture, to.width(), to.height()) == 0) {
          return Optional.empty();
        }
        long row = 4L * to.width();
        long stride = 4L * picture.get(JAVA_INT, ARGB_STRIDE);
        MemorySegment found = LibVips.bytes(picture.get(ADDRESS, ARGB), stride * to.height());
        MemorySegment samples = keeper.allocate(row * to.height());
        for (int y = 0; y < to.height(); y++) {
          MemorySegment.copy(found, y * stride, samples, y * row, row);
        }
        return Optional.of(new Pixels(to, 4, samples, new byte[0]));
      } finally {
        freePicture.invokeExact(picture);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean write(MemorySegment config, MemorySegment picture, Pixels pixels)
      throws Throwable {
    try {
      return (int) importRgb.invokeExact(picture, pixels.samples(), pixels.size().width() * BANDS)
              != 0
          && (int) encode.invokeExact(config, picture) != 0;
    } finally {
      freePicture.invokeExact(picture);
    }
  }

  private void free(MemorySegment bytes) {
    try {
      free.invokeExact(bytes);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
