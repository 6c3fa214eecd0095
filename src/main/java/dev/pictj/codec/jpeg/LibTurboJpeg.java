package dev.pictj.codec.jpeg;

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
 * The functions of TurboJPEG (libjpeg-turbo.org, {@code turbojpeg.h}) that are used: the same
 * decoder and encoder as libvips has, but without the conversion from YCbCr to RGB and back.
 * Functions of version 2 are there in version 3 too.
 *
 * <p>Safe for use by many threads: what cannot be shared lives for one call.
 */
final class LibTurboJpeg {
  /** {@code enum TJCS}. */
  private static final int YCBCR = 1;

  private static final int GREY = 2;

  /** {@code TJFLAG_ACCURATEDCT}: without it what is encoded is transformed in a rougher way. */
  private static final int ACCURATE = 4096;

  /** {@code TJPARAM_OPTIMIZE}. */
  private static final int OPTIMISE = 11;

  /** What version 2 asks the environment for; version 3 has a function. */
  static final String OPTIMISING_VARIABLE = "TJ_OPTIMIZE";

  private final NativeFunction newDecoder;
  private final NativeFunction newEncoder;
  private final NativeFunction header;
  private final NativeFunction decode;
  private final NativeFunction encode;
  private final NativeFunction destroy;
  private final NativeFunction free;
  private final Optional<NativeFunction> set;

  private LibTurboJpeg(NativeLibrary library) throws UnavailableException {
    newDecoder = library.function("ptr tjInitDecompress()");
    newEncoder = library.function("ptr tjInitCompress()");
    header = library.function("int tjDecompressHeader3(ptr, ptr, long, ptr, ptr, ptr, ptr)");
    decode =
        library.function("int tjDecompressToYUVPlanes(ptr, ptr, long, ptr, int, ptr, int, int)");
    encode =
        library.function(
            "int tjCompressFromYUVPlanes(ptr, ptr, int, ptr, int, int, ptr, ptr, int, int)");
    destroy = library.function("int tjDestroy(ptr)");
    free = library.function("void tjFree(ptr)");
    set =
        library.has("tj3Set")
            ? Optional.of(library.function("int tj3Set(ptr, int, int)"))
            : Optional.empty();
  }

  /** Loads the library when it is asked for the first time. */
  private static final class Lookup {
    static final Optional<LibTurboJpeg> FOUND =
        NativeLibrary.optional(LibTurboJpeg::new, "libturbojpeg.so.0", "libturbojpeg.0.dylib");
  }

  /**
   * The library, where it is installed and writes files as small as libvips has them written, with
   * codes that are made for each.
   */
  static Optional<LibTurboJpeg> installed() {
    return Lookup.FOUND.filter(LibTurboJpeg::optimises);
  }

  private boolean optimises() {
    return set.isPresent() || "1".equals(System.getenv(OPTIMISING_VARIABLE));
  }

  /**
   * Decodes a picture, shrunk if its planes are smaller than it is.
   *
   * @param file all of it
   * @param stored its size, as its header was read
   * @param planes filled, sampled as the file is; hold anything when the result is false
   * @return whether the file is sound and has that size, and is YCbCr or grey
   */
  boolean decode(MemorySegment file, Dimensions stored, YcbcrPlanes planes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment decoder = newDecoder.callPointer();
      if (decoder.equals(MemorySegment.NULL)) {
        return false;
      }
      try {
        MemorySegment found = arena.allocate(JAVA_INT, 4);
        int known =
            header.callInt(
                decoder,
                file,
                file.byteSize(),
                found,
                found.asSlice(4),
                found.asSlice(8),
                found.asSlice(12));
        return known == 0
            && found.getAtIndex(JAVA_INT, 0) == stored.width()
            && found.getAtIndex(JAVA_INT, 1) == stored.height()
            && found.getAtIndex(JAVA_INT, 2) == planes.sampling().code
            && found.getAtIndex(JAVA_INT, 3)
                == (planes.sampling() == ChromaSampling.GREY ? GREY : YCBCR)
            && decode.callInt(
                    decoder,
                    file,
                    file.byteSize(),
                    planes.addresses(arena),
                    planes.size().width(),
                    planes.strides(arena),
                    planes.size().height(),
                    0)
                == 0;
      } finally {
        destroy.call(decoder);
      }
    }
  }

  /**
   * Encodes a picture as JFIF.
   *
   * @param planes whose memory goes on to whole chroma samples, with something in it
   * @param quality 1 to 100
   * @param keeper has the bytes until it is closed
   * @return empty when there is not the memory
   */
  Optional<MemorySegment> encode(YcbcrPlanes planes, int quality, Arena keeper) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment encoder = newEncoder.callPointer();
      if (encoder.equals(MemorySegment.NULL)) {
        return Optional.empty();
      }
      MemorySegment slot = arena.allocate(ADDRESS);
      MemorySegment length = arena.allocate(JAVA_LONG);
      try {
        set.ifPresent(function -> function.call(encoder, OPTIMISE, 1));
        int result =
            encode.callInt(
                encoder,
                planes.addresses(arena),
                planes.size().width(),
                planes.strides(arena),
                planes.size().height(),
                planes.sampling().code,
                slot,
                length,
                quality,
                ACCURATE);
        MemorySegment bytes = slot.get(ADDRESS, 0);
        if (result != 0) {
          free.call(bytes);
          return Optional.empty();
        }
        return Optional.of(NativeMemory.owned(bytes, length.get(JAVA_LONG, 0), keeper, free::call));
      } finally {
        destroy.call(encoder);
      }
    }
  }
}
