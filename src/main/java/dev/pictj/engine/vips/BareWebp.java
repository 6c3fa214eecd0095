package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes from a still WebP (RFC 9649, section 2) what libvips before 8.15 adds to each: EXIF that
 * says nothing. What is left is what {@link dev.pictj.engine.metadata.MetadataStripper} leaves,
 * which would read and write two more files for it.
 */
final class BareWebp {
  private static final ValueLayout.OfInt LITTLE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Codes of chunks. */
  private static final int RIFF = 0x46464952;

  private static final int WEBP = 0x50424557;
  private static final int EXTENDED = 0x58385056;
  private static final int ALPHA = 0x48504C41;
  private static final int LOSSY = 0x20385056;
  private static final int LOSSLESS = 0x4C385056;
  private static final int EXIF = 0x46495845;

  private static final int HEAD = 12;
  private static final int CHUNK_HEAD = 8;

  /** 2.7.1: flags, of which this says that there is transparency, then the size of the canvas. */
  private static final int EXTENDED_LENGTH = 10;

  private static final int HAS_ALPHA = 0x10;

  private BareWebp() {}

  /**
   * The same without.
   *
   * @param arena has it
   * @return empty for whatever has other parts
   */
  static Optional<MemorySegment> of(MemorySegment webp, Arena arena) {
    try {
      return strip(webp, arena);
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Optional<MemorySegment> strip(MemorySegment webp, Arena arena) {
    if (webp.get(LITTLE_INT, 0) != RIFF
        || webp.get(LITTLE_INT, 4) != webp.byteSize() - CHUNK_HEAD
        || webp.get(LITTLE_INT, 8) != WEBP
        || webp.get(LITTLE_INT, HEAD) != EXTENDED
        || webp.get(LITTLE_INT, HEAD + 4) != EXTENDED_LENGTH) {
      return Optional.empty();
    }
    List<MemorySegment> kept = new ArrayList<>();
    MemorySegment extended = webp.asSlice(HEAD, CHUNK_HEAD + EXTENDED_LENGTH);
    kept.add(extended);
    for (long at = HEAD + extended.byteSize(); at < webp.byteSize(); ) {
      long length = webp.get(LITTLE_INT, at + 4) & 0xFFFF_FFFFL;
      MemorySegment chunk = webp.asSlice(at, CHUNK_HEAD + length + (length & 1));
      switch (webp.get(LITTLE_INT, at)) {
        case ALPHA, LOSSY, LOSSLESS -> kept.add(chunk);
        case EXIF -> {}
        default -> {
          return Optional.empty();
        }
      }
      at += chunk.byteSize();
    }
    return Optional.of(join(kept, arena));
  }

  private static MemorySegment join(List<MemorySegment> chunks, Arena arena) {
    long length = HEAD + chunks.stream().mapToLong(MemorySegment::byteSize).sum();
    MemorySegment webp = arena.allocate(length);
    webp.set(LITTLE_INT, 0, RIFF);
    webp.set(LITTLE_INT, 4, (int) (length - CHUNK_HEAD));
    webp.set(LITTLE_INT, 8, WEBP);
    long at = HEAD;
    for (MemorySegment chunk : chunks) {
      MemorySegment.copy(chunk, 0, webp, at, chunk.byteSize());
      at += chunk.byteSize();
    }
    int flags = webp.get(JAVA_BYTE, HEAD + CHUNK_HEAD) & HAS_ALPHA;
    webp.set(LITTLE_INT, HEAD + CHUNK_HEAD, flags);
    return webp;
  }
}
