package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.pictj.media.Dimensions;
import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.NativeMemory;
import dev.pictj.nativecode.UnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Functions of libwebp (developers.google.com/speed/webp), which is there wherever libvips reads
 * WebP. Those of {@code encode.h} shrink a frame of an animation as the decoder of a still does; a
 * filter of libvips takes four times the processor time of the whole rendering for that. Those of
 * {@code decode.h} tell whether all of a picture is there.
 *
 * <p>Safe for use by many threads.
 */
final class LibWebp {
  /** {@code WEBP_ENCODER_ABI_VERSION}; its high byte must be that of the library. */
  private static final int ABI = 0x020F;

  /** The size of {@code WebPPicture}, and the offsets of its fields, in bytes. */
  private static final long PICTURE_BYTES = 256;

  private static final long USE_ARGB = 0;
  private static final long WIDTH = 8;
  private static final long HEIGHT = 12;
  private static final long ARGB = 72;
  private static final long ARGB_STRIDE = 80;

  /** {@code WEBP_DECODER_ABI_VERSION}, of which the same holds. */
  private static final int DECODER_ABI = 0x0209;

  /**
   * The size of {@code WebPDecoderConfig}, and the offsets of its output and of some options, in
   * bytes.
   */
  private static final long CONFIG_BYTES = 240;

  private static final long OUTPUT = 40;
  private static final long BYPASS_FILTERING = 160;
  private static final long USE_CROPPING = 168;
  private static final long CROP_TOP = 176;
  private static final long CROP_WIDTH = 180;
  private static final long CROP_HEIGHT = 184;

  private final NativeFunction initPicture;
  private final NativeFunction importBgra;
  private final NativeFunction rescale;
  private final NativeFunction freePicture;
  private final NativeFunction initConfig;
  private final NativeFunction decode;
  private final NativeFunction freeOutput;

  private LibWebp(NativeLibrary library) throws UnavailableException {
    initPicture = library.function("int WebPPictureInitInternal(ptr, int)");
    importBgra = library.function("int WebPPictureImportBGRA(ptr, ptr, int)");
    rescale = library.function("int WebPPictureRescale(ptr, int, int)");
    freePicture = library.function("void WebPPictureFree(ptr)");
    initConfig = library.function("int WebPInitDecoderConfigInternal(ptr, int)");
    decode = library.function("int WebPDecode(ptr, long, ptr)");
    freeOutput = library.function("void WebPFreeDecBuffer(ptr)");
  }

  /** Loads the library when it is asked for the first time. */
  private static final class Lookup {
    static final Optional<LibWebp> FOUND =
        NativeLibrary.optional(LibWebp::new, "libwebp.so.7", "libwebp.7.dylib");
  }

  /** The library, where it is installed. */
  static Optional<LibWebp> installed() {
    return Lookup.FOUND;
  }

  /**
   * Shrinks a picture: each pixel becomes the mean of those that it stands for, weighted by alpha.
   * That takes a twentieth of the time of a filter of libvips.
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
      if (initPicture.callInt(picture, ABI) == 0) {
        return Optional.empty();
      }
      Dimensions size = pixels.size();
      picture.set(JAVA_INT, USE_ARGB, 1);
      picture.set(JAVA_INT, WIDTH, size.width());
      picture.set(JAVA_INT, HEIGHT, size.height());
      try {
        // The library keeps pixels as numbers of 32 bits, whose bytes in memory are blue, green,
        // red
        // and alpha; read so, the samples keep the order that they have.
        if (importBgra.callInt(picture, pixels.samples(), 4 * size.width()) == 0
            || rescale.callInt(picture, to.width(), to.height()) == 0) {
          return Optional.empty();
        }
        long row = 4L * to.width();
        long stride = 4L * picture.get(JAVA_INT, ARGB_STRIDE);
        MemorySegment found = NativeMemory.bytes(picture.get(ADDRESS, ARGB), stride * to.height());
        MemorySegment samples = keeper.allocate(row * to.height());
        for (int y = 0; y < to.height(); y++) {
          MemorySegment.copy(found, y * stride, samples, y * row, row);
        }
        return Optional.of(new Pixels(to, 4, samples, new byte[0]));
      } finally {
        freePicture.call(picture);
      }
    }
  }

  /**
   * Decodes a picture. All of its streams are read, but of its pixels hardly any are computed.
   *
   * @param picture a chunk of a WebP without what is around it
   * @param height its rows
   * @return whether it is there and sound
   */
  boolean isWhole(MemorySegment picture, int height) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(CONFIG_BYTES, Long.BYTES);
      if (initConfig.callInt(config, DECODER_ABI) == 0) {
        return false;
      }
      config.set(JAVA_INT, BYPASS_FILTERING, 1);
      config.set(JAVA_INT, USE_CROPPING, 1);
      config.set(JAVA_INT, CROP_TOP, height - 1);
      config.set(JAVA_INT, CROP_WIDTH, 1);
      config.set(JAVA_INT, CROP_HEIGHT, 1);
      boolean whole = decode.callInt(picture, picture.byteSize(), config) == 0;
      freeOutput.call(config.asSlice(OUTPUT));
      return whole;
    }
  }
}
