package dev.pictj.codec.jpeg;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.UnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The functions of libswscale (ffmpeg.org, {@code swscale.h}) that are used. It comes with ffmpeg,
 * and scales planes of bytes by the widest instructions there are; these functions have been the
 * same since version 5.
 *
 * <p>Safe for use by many threads.
 */
final class LibSwscale {
  /** {@code SWS_ACCURATE_RND}. */
  private static final int ACCURATE = 0x40000;

  /**
   * {@code SWS_BICUBIC}, and B and C that make it Catmull and Rom's. From that Lanczos' with two
   * lobes hardly differs, but takes twice as long to set up.
   */
  private static final int CUBIC = 4;

  private static final double[] CATMULL_ROM = {0, 0.5};

  private final NativeFunction context;
  private final NativeFunction scale;
  private final NativeFunction free;

  /**
   * The weights of the last picture, to be used again by the next one of these sizes, for to work
   * them out takes a third as long as to apply them.
   */
  private final AtomicReference<MemorySegment> last = new AtomicReference<>(MemorySegment.NULL);

  private LibSwscale(NativeLibrary library) throws UnavailableException {
    context =
        library.function(
            "ptr sws_getCachedContext(ptr, int, int, int, int, int, int, int, ptr, ptr, ptr)");
    scale = library.function("int sws_scale(ptr, ptr, ptr, int, int, ptr, ptr)");
    free = library.function("void sws_freeContext(ptr)");
  }

  /** Loads the library when it is asked for the first time. */
  private static final class Lookup {
    static final Optional<LibSwscale> FOUND =
        NativeLibrary.optional(
            LibSwscale::new,
            "libswscale.so.10",
            "libswscale.so.9",
            "libswscale.so.8",
            "libswscale.so.7",
            "libswscale.so.6",
            "libswscale.so.5",
            "libswscale.dylib");
  }

  /** The library, where it is installed. */
  static Optional<LibSwscale> installed() {
    return Lookup.FOUND;
  }

  /**
   * Scales each plane, by the factors of its own sizes.
   *
   * @param to filled; holds anything when the result is false
   * @return whether that could be done
   */
  boolean scale(YcbcrPlanes from, YcbcrPlanes to) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment known = last.getAndSet(MemorySegment.NULL);
      MemorySegment mine =
          context.callPointer(
              known,
              from.size().width(),
              from.size().height(),
              format(from),
              to.size().width(),
              to.size().height(),
              format(to),
              CUBIC | ACCURATE,
              MemorySegment.NULL,
              MemorySegment.NULL,
              arena.allocateFrom(JAVA_DOUBLE, CATMULL_ROM));
      if (mine.equals(MemorySegment.NULL)) {
        return false;
      }
      try {
        int rows =
            scale.callInt(
                mine,
                from.addresses(arena),
                from.strides(arena),
                0,
                from.size().height(),
                to.addresses(arena),
                to.strides(arena));
        return rows == to.size().height();
      } finally {
        free.call(last.getAndSet(mine));
      }
    }
  }

  /** A member of {@code enum AVPixelFormat} ({@code libavutil/pixfmt.h}). */
  private static int format(YcbcrPlanes planes) {
    return switch (planes.sampling()) {
      case QUARTER -> 0;
      case HALF_ACROSS -> 4;
      case WHOLE -> 5;
      case GREY -> 8;
      case HALF_DOWN -> 31;
    };
  }
}
