package dev.pictj.nativecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/** Memory behind pointers of C. */
@SuppressWarnings("restricted") // the jar says that it may
public final class NativeMemory {
  private static final NativeFunction MALLOC;
  private static final NativeFunction FREE;

  static {
    try {
      MALLOC = NativeLibrary.standard().function("ptr malloc(long)");
      FREE = NativeLibrary.standard().function("void free(ptr)");
    } catch (UnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  private NativeMemory() {}

  /**
   * Memory of malloc(3), which holds anything. An arena's own is zeroed first, which for the pixels
   * of a photograph takes as long as copying them.
   *
   * @param arena that frees it when it is closed
   * @return empty when there is none to be had
   */
  public static Optional<MemorySegment> allocate(long bytes, Arena arena) {
    MemorySegment memory = MALLOC.callPointer(bytes);
    return memory.equals(MemorySegment.NULL)
        ? Optional.empty()
        : Optional.of(owned(memory, bytes, arena, FREE::call));
  }

  /** What lies behind a pointer that a function has given. */
  public static MemorySegment bytes(MemorySegment pointer, long length) {
    return pointer.reinterpret(length);
  }

  /**
   * What lies behind a pointer that a function has given, to be freed with an arena.
   *
   * @param arena that frees it when it is closed
   */
  public static MemorySegment owned(
      MemorySegment pointer, long length, Arena arena, Consumer<MemorySegment> free) {
    return pointer.reinterpret(length, arena, free);
  }

  /** A string that ends with a zero byte, in UTF-8. */
  public static String text(MemorySegment pointer) {
    return pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
