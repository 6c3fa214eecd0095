package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.media.Dimensions;
import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.NativeMemory;
import dev.pictj.nativecode.UnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The functions of libwebpdemux (developers.google.com/speed/webp, {@code demux.h}) that lay the
 * frames of an animated WebP on its canvas, one after another. It is there wherever libvips reads
 * WebP. What libvips makes of the same file is another picture: all frames below one another, with
 * times of 10 ms and less replaced where they are written.
 *
 * <p>Safe for use by many threads.
 */
final class LibWebpDemux {
  /** {@code WEBP_DEMUX_ABI_VERSION}; its high byte must be that of the library. */
  private static final int ABI = 0x0107;

  /** {@code WEBP_CSP_MODE}. */
  private static final int RGBA = 1;

  /** How many bytes {@code WebPAnimDecoderOptions} and {@code WebPAnimInfo} have at most. */
  private static final long STRUCT_BYTES = 64;

  private static final long COLOUR_MODE = 0;
  private static final long CANVAS_WIDTH = 0;
  private static final long CANVAS_HEIGHT = 4;
  private static final long FRAME_COUNT = 16;

  private final NativeFunction initOptions;
  private final NativeFunction open;
  private final NativeFunction info;
  private final NativeFunction next;
  private final NativeFunction delete;

  private LibWebpDemux(NativeLibrary library) throws UnavailableException {
    initOptions = library.function("int WebPAnimDecoderOptionsInitInternal(ptr, int)");
    open = library.function("ptr WebPAnimDecoderNewInternal(ptr, ptr, int)");
    info = library.function("int WebPAnimDecoderGetInfo(ptr, ptr)");
    next = library.function("int WebPAnimDecoderGetNext(ptr, ptr, ptr)");
    delete = library.function("void WebPAnimDecoderDelete(ptr)");
  }

  /** Loads the library when it is asked for the first time. */
  private static final class Lookup {
    static final Optional<LibWebpDemux> FOUND =
        NativeLibrary.optional(LibWebpDemux::new, "libwebpdemux.so.2", "libwebpdemux.2.dylib");
  }

  /**
   * The library.
   *
   * @throws VipsException where it is not installed
   */
  static LibWebpDemux installed() throws VipsException {
    return Lookup.FOUND.orElseThrow(() -> new VipsException("there is no libwebpdemux"));
  }

  /**
   * Begins to decode.
   *
   * @param webp all of the file; in place until the canvases are closed
   * @throws VipsException when its container is damaged, or it has another canvas
   */
  Canvases open(MemorySegment webp, Dimensions canvas) throws VipsException {
    return new Canvases(webp, canvas);
  }

  /** An animation that is being decoded, each frame when it is asked for. */
  final class Canvases implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final Dimensions size;
    private final MemorySegment slot = arena.allocate(ADDRESS);
    private final MemorySegment time = arena.allocate(JAVA_INT);
    private final int frames;
    private MemorySegment decoder = MemorySegment.NULL;

    private Canvases(MemorySegment webp, Dimensions size) throws VipsException {
      this.size = size;
      try {
        MemorySegment options = arena.allocate(STRUCT_BYTES, Long.BYTES);
        MemorySegment found = arena.allocate(STRUCT_BYTES, Long.BYTES);
        MemorySegment data = arena.allocate(ADDRESS.byteSize() + Long.BYTES, Long.BYTES);
        data.set(ADDRESS, 0, webp);
        data.set(JAVA_LONG, ADDRESS.byteSize(), webp.byteSize());
        boolean begun = initOptions.callInt(options, ABI) != 0;
        options.set(JAVA_INT, COLOUR_MODE, RGBA);
        if (begun) {
          decoder = open.callPointer(data, options, ABI);
        }
        if (decoder.equals(MemorySegment.NULL) || info.callInt(decoder, found) == 0) {
          throw new VipsException("libwebp cannot read this animation");
        }
        Dimensions canvas =
            new Dimensions(found.get(JAVA_INT, CANVAS_WIDTH), found.get(JAVA_INT, CANVAS_HEIGHT));
        if (!canvas.equals(size)) {
          throw new VipsException("the header says %s, libwebp %s".formatted(size, canvas));
        }
        frames = found.get(JAVA_INT, FRAME_COUNT);
      } catch (Throwable e) {
        close();
        throw e;
      }
    }

    /** How many frames there are. */
    int frames() {
      return frames;
    }

    /**
     * Decodes the next frame.
     *
     * @return the canvas with it, red, green, blue and alpha; overwritten by the next one
     * @throws VipsException when it is damaged
     */
    MemorySegment next() throws VipsException {
      if (next.callInt(decoder, slot, time) == 0) {
        throw new VipsException("libwebp cannot read a frame of this animation");
      }
      return NativeMemory.bytes(slot.get(ADDRESS, 0), 4 * size.area());
    }

    @Override
    public void close() {
      try {
        if (!decoder.equals(MemorySegment.NULL)) {
          delete.call(decoder);
        }
      } finally {
        arena.close();
      }
    }
  }
}
