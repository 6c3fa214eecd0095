package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pictj.media.Dimensions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Decodes a WebP (RFC 9649) without libvips. That is done to stills that are as they should be and
 * have no colour profile; all others are for libvips to judge.
 */
final class DirectWebp {
  private static final ValueLayout.OfInt LITTLE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The codes of chunks, and where the first one is. */
  private static final int LOSSY = 0x20385056;

  private static final int LOSSLESS = 0x4C385056;
  private static final int EXTENDED = 0x58385056;
  private static final int FIRST = 12;

  /** 2.7.1: flags of the extended header. */
  private static final int FLAGS = FIRST + 8;

  private static final int ANIMATION = 0x02;
  private static final int ALPHA = 0x10;
  private static final int PROFILE = 0x20;

  /** 2.6: of the bits that follow the signature of VP8L, that after both sides. */
  private static final int LOSSLESS_BITS = FIRST + 8 + 1;

  private static final int LOSSLESS_ALPHA = 1 << 28;

  private static final byte[] NO_PROFILE = {};

  private final LibWebp library;
  private final boolean alone;
  private final Arena arena;

  /**
   * Ready to do it.
   *
   * @param alone whether a second core may be taken
   * @param arena has the pixels
   */
  DirectWebp(LibWebp library, boolean alone, Arena arena) {
    this.library = library;
    this.alone = alone;
    this.arena = arena;
  }

  /**
   * The pixels of a file.
   *
   * @param stored its size, as its header was read
   * @param size that it is scaled to
   * @return empty where libvips shall do it
   */
  Optional<Pixels> of(MemorySegment webp, Dimensions stored, Dimensions size) {
    if (webp.byteSize() < FIRST + 16) {
      return Optional.empty();
    }
    return switch (webp.get(LITTLE_INT, FIRST)) {
      case LOSSY -> decode(webp, stored, size, false);
      case LOSSLESS ->
          decode(webp, stored, size, (webp.get(LITTLE_INT, LOSSLESS_BITS) & LOSSLESS_ALPHA) != 0);
      case EXTENDED -> {
        int flags = webp.get(JAVA_BYTE, FLAGS);
        yield (flags & (ANIMATION | PROFILE)) == 0
            ? decode(webp, stored, size, (flags & ALPHA) != 0)
            : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private Optional<Pixels> decode(
      MemorySegment webp, Dimensions stored, Dimensions size, boolean alpha) {
    int bands = alpha ? 4 : 3;
    return Malloc.allocate(size.area() * bands, arena)
        .filter(samples -> library.decode(webp, stored, size, alpha, alone, samples))
        .map(samples -> new Pixels(size, bands, samples, NO_PROFILE));
  }
}
