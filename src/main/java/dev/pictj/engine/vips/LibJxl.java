package dev.pictj.engine.vips;

import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.UnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Functions of libjxl (github.com/libjxl/libjxl, {@code jxl/decode.h}), which is there wherever
 * libvips reads JPEG XL. They tell where a codestream ends, for which no pixel is decoded: every
 * frame says how long it is.
 *
 * <p>Safe for use by many threads.
 */
final class LibJxl {
  private static final String[] NAMES = {
    "libjxl.so.0.12",
    "libjxl.so.0.11",
    "libjxl.so.0.10",
    "libjxl.so.0.9",
    "libjxl.so.0.8",
    "libjxl.so.0.7",
    "libjxl.dylib"
  };

  /** {@code JXL_DEC_FULL_IMAGE}: without it the end of the last frame is of no interest to it. */
  private static final int FULL_IMAGE = 0x1000;

  private static final int SUCCESS = 0;
  private static final long ALL_FRAMES = 1L << 40;

  /** A picture of which all is needed, by which a library shows that it says what is thought. */
  private static final byte[] KNOWN =
      Base64.getDecoder()
          .decode("/woPQUBxIQgCAQCwAEs4aZjKg/crSAiAenY/Bs0FggCwl3D09Q8kEOlvm/bvmu3v3xKktLgeZ6iQ");

  private static final int BYTES_BEHIND_PROBE = 100;

  private final NativeFunction version;
  private final NativeFunction create;
  private final NativeFunction subscribe;
  private final NativeFunction skip;
  private final NativeFunction setInput;
  private final NativeFunction closeInput;
  private final NativeFunction process;
  private final NativeFunction releaseInput;
  private final NativeFunction destroy;

  private LibJxl(NativeLibrary library) throws UnavailableException {
    version = library.function("int JxlDecoderVersion()");
    create = library.function("ptr JxlDecoderCreate(ptr)");
    subscribe = library.function("int JxlDecoderSubscribeEvents(ptr, int)");
    skip = library.function("void JxlDecoderSkipFrames(ptr, long)");
    setInput = library.function("int JxlDecoderSetInput(ptr, ptr, long)");
    closeInput = library.function("void JxlDecoderCloseInput(ptr)");
    process = library.function("int JxlDecoderProcessInput(ptr)");
    releaseInput = library.function("long JxlDecoderReleaseInput(ptr)");
    destroy = library.function("void JxlDecoderDestroy(ptr)");
  }

  /** Loads the library when it is asked for the first time. */
  private static final class Lookup {
    static final Optional<LibJxl> FOUND = NativeLibrary.optional(LibJxl::new, NAMES);
    static final boolean TELLS_LENGTHS = FOUND.filter(LibJxl::tellsLengths).isPresent();
  }

  /** The library, where it is installed. */
  static Optional<LibJxl> installed() {
    return Lookup.FOUND;
  }

  /** The library, where it is of a version whose {@link #length} is right. */
  static Optional<LibJxl> tellingLengths() {
    return Lookup.TELLS_LENGTHS ? Lookup.FOUND : Optional.empty();
  }

  private boolean tellsLengths() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment known = arena.allocate(KNOWN.length + BYTES_BEHIND_PROBE);
      MemorySegment.copy(MemorySegment.ofArray(KNOWN), 0, known, 0, KNOWN.length);
      return length(known).orElse(-1) == KNOWN.length;
    }
  }

  /** Such as {@code 0.7.0}: millions are the first number, thousands the second. */
  String version() {
    int number = version.callInt();
    return "%d.%d.%d".formatted(number / 1_000_000, number / 1000 % 1000, number % 1000);
  }

  /**
   * Finds out how long a codestream is.
   *
   * @param codestream without boxes, and what may be behind it
   * @return empty where it is damaged, or cut within what is said of its frames
   */
  OptionalLong length(MemorySegment codestream) {
    MemorySegment decoder = create.callPointer(MemorySegment.NULL);
    if (decoder.equals(MemorySegment.NULL)) {
      return OptionalLong.empty();
    }
    try {
      if (subscribe.callInt(decoder, FULL_IMAGE) != SUCCESS
          || setInput.callInt(decoder, codestream, codestream.byteSize()) != SUCCESS) {
        return OptionalLong.empty();
      }
      closeInput.call(decoder);
      skip.call(decoder, ALL_FRAMES);
      boolean read = process.callInt(decoder) == SUCCESS;
      long rest = releaseInput.callLong(decoder);
      return read ? OptionalLong.of(codestream.byteSize() - rest) : OptionalLong.empty();
    } finally {
      destroy.call(decoder);
    }
  }
}
