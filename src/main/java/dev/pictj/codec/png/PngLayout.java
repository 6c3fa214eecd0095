package dev.pictj.codec.png;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.MediaException;
import dev.pictj.media.PngHeading;
import java.io.IOException;
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

  private static final int MAX_HEADER_BYTES = 13;
  private static final long SIGNATURE_BEGIN = 0x89504E47L;
  private static final long SIGNATURE_END = 0x0D0A1A0AL;

  /**
   * Looks for them. Checksums are not looked at.
   *
   * @param most the most bytes that they may inflate to
   * @return nothing where anything is unusual
   */
  static Optional<PngLayout> of(MemorySegment png, long most) {
    try {
      return of(ByteSource.ofMemory(png.asByteBuffer(), "PNG"), most);
    } catch (IOException | MediaException _) {
      return Optional.empty();
    }
  }

  private static Optional<PngLayout> of(ByteSource in, long most)
      throws IOException, MediaException {
    Chunks chunks = Chunks.ofPng(in);
    if (in.u32(0) != SIGNATURE_BEGIN
        || in.u32(4) != SIGNATURE_END
        || !chunks.next()
        || !chunks.code().equals("IHDR")
        || chunks.length() > MAX_HEADER_BYTES) {
      return Optional.empty();
    }
    PngHeading heading = PngHeading.parse(in, chunks.payload());
    long unpacked = heading.inflatedLength(heading.passes(heading.width(), heading.height()));
    if (heading.interlaced() || unpacked > most) {
      return Optional.empty();
    }
    long first = 0;
    long rest = 0;
    long packed = 0;
    while (chunks.next() && in.has(chunks.at(), chunks.length() + 4)) {
      switch (chunks.code()) {
        case "IHDR" -> {
          return Optional.empty();
        }
        case "IDAT" -> {
          long begin = chunks.at() - 8;
          if (first == 0) {
            first = begin;
          } else if (rest != begin) {
            return Optional.empty();
          }
          rest = chunks.end() + 4;
          packed += chunks.length();
        }
        case "IEND" -> {
          return first > 0 && chunks.length() == 0
              ? Optional.of(new PngLayout(first, rest, packed, unpacked))
              : Optional.empty();
        }
        default -> {}
      }
    }
    return Optional.empty();
  }
}
