package dev.pictj.codec.png;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.UnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The functions of libdeflate (github.com/ebiggers/libdeflate, {@code libdeflate.h}) that are used:
 * it inflates in half the time of zlib, at the price of having everything in memory at once. It is
 * optional, but comes with libtiff and so with most packages of libvips.
 *
 * <p>Safe for use by many threads: what cannot be shared lives for one call.
 */
final class LibDeflate {
  /** {@code LIBDEFLATE_SUCCESS}. */
  private static final int SUCCESS = 0;

  private final NativeFunction newInflater;
  private final NativeFunction inflate;
  private final NativeFunction free;
  private final NativeFunction crc32;

  private LibDeflate(NativeLibrary library) throws UnavailableException {
    newInflater = library.function(ADDRESS, "libdeflate_alloc_decompressor");
    // Only this one tells how much it has read.
    inflate =
        library.function(
            JAVA_INT,
            "libdeflate_zlib_decompress_ex",
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            ADDRESS);
    free = library.procedure("libdeflate_free_decompressor", ADDRESS);
    crc32 = library.function(JAVA_INT, "libdeflate_crc32", JAVA_INT, ADDRESS, JAVA_LONG);
  }

  /** Looked for by the first who asks, for most workers meet many pictures before a PNG. */
  private static final class Lookup {
    static final Optional<LibDeflate> FOUND =
        NativeLibrary.optional(LibDeflate::new, "libdeflate.so.0", "libdeflate.0.dylib");
  }

  /** The library, where it is installed. */
  static Optional<LibDeflate> installed() {
    return Lookup.FOUND;
  }

  /**
   * Inflates a zlib stream (RFC 1950) and checks its Adler-32.
   *
   * @param stream all of it, and nothing else
   * @param bytes filled with what is in it; holds anything when the result is false
   * @return whether the stream is sound, ends where it should, and fills them exactly
   */
  boolean inflate(MemorySegment stream, MemorySegment bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment inflater = newInflater.callPointer();
      if (inflater.equals(MemorySegment.NULL)) {
        return false;
      }
      MemorySegment read = arena.allocate(JAVA_LONG);
      try {
        // Not told where to put their number, it accepts no other than that of the room there is.
        int result =
            inflate.callInt(
                inflater,
                stream,
                stream.byteSize(),
                bytes,
                bytes.byteSize(),
                read,
                MemorySegment.NULL);
        return result == SUCCESS && read.get(JAVA_LONG, 0) == stream.byteSize();
      } finally {
        free.call(inflater);
      }
    }
  }

  /** The CRC-32 of the bytes as PNG has it (W3C PNG third edition, 5.5 and annex D). */
  int crc32(MemorySegment bytes) {
    return crc32.callInt(0, bytes, bytes.byteSize());
  }
}
