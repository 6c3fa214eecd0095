package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Memory of malloc(3) for what is written whole before it is read. An arena's own is zeroed first,
 * which for the pixels of a photograph takes as long as copying them.
 */
@SuppressWarnings("restricted")
final class Malloc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle MALLOC =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("malloc"), FunctionDescriptor.of(ADDRESS, JAVA_LONG));
  private static final MethodHandle FREE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ADDRESS));

  private Malloc() {}

  /**
   * So many bytes of anything, or nothing when there are none to be had.
   *
   * @param arena that frees them when it is closed
   */
  static Optional<MemorySegment> allocate(long bytes, Arena arena) {
    try {
      MemorySegment memory = (MemorySegment) MALLOC.invokeExact(bytes);
      return memory.equals(MemorySegment.NULL)
          ? Optional.empty()
          : Optional.of(memory.reinterpret(bytes, arena, Malloc::free));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void free(MemorySegment memory) {
    try {
      FREE.invokeExact(memory);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
