package dev.pictj.codec.png;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pictj.nativecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Takes from libpng the most of its work on a PNG, which is to inflate it by zlib: libdeflate does
 * that in half the time, and libpng is given the same file with the same chunks, but for its
 * pixels, which are in stored blocks that zlib has only to copy.
 *
 * <p>That is done to files that are as they should be. All others, whatever is wrong with them, are
 * libpng's to judge: they are given to it as they came.
 *
 * <p>It is not for verifying. libdeflate takes some streams that zlib refuses, such as one with a
 * distance code that RFC 1951, 3.2.5, does not have; what is rendered has been through zlib before.
 */
public final class StoredPng {
  /**
   * The most bytes that pixels may inflate to. They are held at once, where libpng holds a row: 48
   * MiB for the 16 Mi pixels that a picture may have unless more are allowed, at three bytes each.
   * A worker may have 512 MiB more than what the reference engine needs, and admission has foreseen
   * 16 bytes for a pixel.
   */
  public static final long MAX_BYTES = 64 << 20;

  /**
   * CMF of RFC 1950, 2.2: deflate, with the largest window. zlib refuses a stream that looks back
   * further than the window it speaks of, libdeflate does not.
   */
  private static final byte WHOLE_WINDOW = 0x78;

  /** RFC 1950, 2.2: the Adler-32 is the last of a stream. */
  private static final int SUM_BYTES = 4;

  private final LibDeflate deflate;
  private final Arena arena;

  private StoredPng(LibDeflate deflate, Arena arena) {
    this.deflate = deflate;
    this.arena = arena;
  }

  /** Whether libdeflate is installed; without it every file stays as it is. */
  public static boolean isPossible() {
    return LibDeflate.installed().isPresent();
  }

  /**
   * The same picture, easier to read, or the very same bytes.
   *
   * @param arena has the new file
   */
  public static MemorySegment of(MemorySegment png, Arena arena) {
    return LibDeflate.installed()
        .flatMap(
            deflate ->
                PngLayout.of(png, MAX_BYTES)
                    .flatMap(layout -> new StoredPng(deflate, arena).stored(png, layout)))
        .orElse(png);
  }

  private Optional<MemorySegment> stored(MemorySegment png, PngLayout layout) {
    long length = StoredBlocks.length(layout.unpacked());
    long behind = png.byteSize() - layout.rest();
    long chunk = PngLayout.CHUNK + length;
    return NativeMemory.allocate(layout.first() + chunk + behind, arena)
        .filter(out -> unpack(png, layout, out.asSlice(layout.first() + 8, length)))
        .map(
            out -> {
              MemorySegment.copy(png, 0, out, 0, layout.first());
              head(out.asSlice(layout.first(), chunk), (int) length);
              MemorySegment.copy(png, layout.rest(), out, layout.first() + chunk, behind);
              return out;
            });
  }

  /** Turns the data of the IDAT chunks into a stream of stored blocks. */
  private boolean unpack(MemorySegment png, PngLayout layout, MemorySegment stream) {
    try (Arena brief = Arena.ofConfined()) {
      Optional<MemorySegment> joined = joined(png, layout, brief);
      if (joined.isEmpty()) {
        return false;
      }
      MemorySegment packed = joined.get();
      if (packed.byteSize() < SUM_BYTES
          || packed.get(JAVA_BYTE, 0) != WHOLE_WINDOW
          || !deflate.inflate(packed, StoredBlocks.room(stream, layout.unpacked()))) {
        return false;
      }
      // That has been compared with that of the pixels, so that it need not be computed again.
      int sum = packed.get(PngLayout.BIG_INT, packed.byteSize() - SUM_BYTES);
      StoredBlocks.finish(stream, layout.unpacked(), sum);
      return true;
    }
  }

  /** The data of all IDAT chunks, if their checksums are right. */
  private Optional<MemorySegment> joined(MemorySegment png, PngLayout layout, Arena brief) {
    boolean single = layout.rest() - layout.first() == PngLayout.CHUNK + layout.packed();
    Optional<MemorySegment> joined =
        single
            ? Optional.of(png.asSlice(layout.first() + 8, layout.packed()))
            : NativeMemory.allocate(layout.packed(), brief);
    if (joined.isEmpty()) {
      return joined;
    }
    long done = 0;
    for (long at = layout.first(); at < layout.rest(); ) {
      int length = png.get(PngLayout.BIG_INT, at);
      int sum = png.get(PngLayout.BIG_INT, at + 8 + length);
      // Of type and data (W3C PNG third edition, 5.3).
      if (deflate.crc32(png.asSlice(at + 4, 4L + length)) != sum) {
        return Optional.empty();
      }
      if (!single) {
        MemorySegment.copy(png, at + 8, joined.get(), done, length);
      }
      done += length;
      at += PngLayout.CHUNK + length;
    }
    return joined;
  }

  /** Length, type and checksum of a chunk that has its data already. */
  private void head(MemorySegment chunk, int length) {
    chunk.set(PngLayout.BIG_INT, 0, length);
    chunk.set(PngLayout.BIG_INT, 4, PngLayout.PIXELS);
    chunk.set(PngLayout.BIG_INT, 8L + length, deflate.crc32(chunk.asSlice(4, 4L + length)));
  }
}
