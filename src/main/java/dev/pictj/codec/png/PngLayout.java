package dev.pictj.codec.png;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Where the pixels of a PNG are (W3C PNG third edition, 5.2 to 5.6 and 11.2), if it is one of those
 * that nothing is strange about: whole, not interlaced, and with all of them in one place.
 *
 * @param first where the first IDAT chunk begins
 * @param rest where the chunk begins that follows the last of them
 * @param packed the bytes of all of them together, a zlib stream
 * @param unpacked the bytes that it must inflate to
 */
record PngLayout(long first, long rest, long packed, long unpacked) {
  /** What a chunk has besides its data: length, type and checksum. */
  static final int CHUNK = 12;

  /** {@code IDAT}. */
  static final int PIXELS = 0x49444154;

  static final ValueLayout.OfInt BIG_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final ValueLayout.OfLong BIG_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final long SIGNATURE = 0x89504E470D0A1A0AL;

  /** {@code IHDR}. */
  private static final int HEADER = 0x49484452;

  private static final int HEADER_BYTES = 13;

  /** {@code IEND}. */
  private static final int END = 0x49454E44;

  /** Where the second chunk begins. */
  private static final int SECOND = 33;

  /**
   * Looks for them. Checksums are not looked at.
   *
   * @param most the most bytes that they may inflate to
   * @return nothing where anything is unusual
   */
  static Optional<PngLayout> of(MemorySegment png, long most) {
    long size = png.byteSize();
    if (size < SECOND
        || png.get(BIG_LONG, 0) != SIGNATURE
        || png.get(BIG_INT, 8) != HEADER_BYTES
        || png.get(BIG_INT, 12) != HEADER) {
      return Optional.empty();
    }
    long unpacked = unpacked(png.asSlice(16, HEADER_BYTES), most);
    if (unpacked == 0) {
      return Optional.empty();
    }
    long first = 0;
    long rest = 0;
    long packed = 0;
    for (long at = SECOND; at <= size - CHUNK; ) {
      int length = png.get(BIG_INT, at);
      if (length < 0 || length > size - at - CHUNK) {
        return Optional.empty();
      }
      long next = at + CHUNK + length;
      switch (png.get(BIG_INT, at + 4)) {
        case HEADER -> {
          return Optional.empty();
        }
        case PIXELS -> {
          if (first == 0) {
            first = at;
          } else if (rest != at) {
            return Optional.empty();
          }
          rest = next;
          packed += length;
        }
        case END -> {
          return first > 0 && length == 0
              ? Optional.of(new PngLayout(first, rest, packed, unpacked))
              : Optional.empty();
        }
        default -> {}
      }
      at = next;
    }
    return Optional.empty();
  }

  /** A filter byte before each row (9.2), rows of whole bytes (7.2); 0 where it cannot be told. */
  private static long unpacked(MemorySegment header, long most) {
    int width = header.get(BIG_INT, 0);
    int height = header.get(BIG_INT, 4);
    int bits = bitsPerPixel(header.get(JAVA_BYTE, 8), header.get(JAVA_BYTE, 9));
    // Compression, filtering and interlacing: there is one method of the former two (11.2.1).
    boolean usual =
        header.get(JAVA_BYTE, 10) == 0
            && header.get(JAVA_BYTE, 11) == 0
            && header.get(JAVA_BYTE, 12) == 0;
    if (width < 1 || height < 1 || bits == 0 || !usual) {
      return 0;
    }
    long row = 1 + ((long) width * bits + 7) / 8;
    // Divided, for the product of the two need not fit into 64 bits.
    return row <= most / height ? row * height : 0;
  }

  /** What the types of colour allow (11.2.1, table 12); 0 for what none does. */
  private static int bitsPerPixel(int depth, int colour) {
    boolean narrow = depth == 1 || depth == 2 || depth == 4;
    boolean wide = depth == 8 || depth == 16;
    return switch (colour) {
      case 0 -> narrow || wide ? depth : 0;
      case 2 -> wide ? 3 * depth : 0;
      case 3 -> narrow || depth == 8 ? depth : 0;
      case 4 -> wide ? 2 * depth : 0;
      case 6 -> wide ? 4 * depth : 0;
      default -> 0;
    };
  }
}
