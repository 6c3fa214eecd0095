package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.media.Dimensions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** The native calls by which pixels are computed and dropped, and their bytes asked for. */
@SuppressWarnings("restricted")
final class Draining {
  private final LibVips vips;
  private final Linker linker;
  private final MethodHandle newRegion;
  private final MethodHandle prepare;
  private final MethodHandle newSource;
  private final MethodHandle connect;

  Draining(LibVips vips, Linker linker) throws UnavailableException {
    this.vips = vips;
    this.linker = linker;
    newRegion = vips.function("vips_region_new", FunctionDescriptor.of(ADDRESS, ADDRESS));
    prepare =
        vips.function("vips_region_prepare", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    newSource = vips.function("vips_source_custom_new", FunctionDescriptor.of(ADDRESS));
    connect =
        vips.function(
            "g_signal_connect_data",
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  }

  /** Handler of a custom source's signal {@code read}: how many bytes it has put into a buffer. */
  @FunctionalInterface
  interface Reader {
    long read(MemorySegment source, MemorySegment buffer, long length, MemorySegment data);
  }

  /**
   * A {@code VipsSource}, to be given up by {@link LibVips#unref}; what reads from it holds it
   * longer.
   *
   * @param reader called by the thread that computes, and must not throw
   * @param arena not closed before that has ended
   */
  MemorySegment source(Reader reader, Arena arena) throws VipsException {
    try {
      FunctionDescriptor shape =
          FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
      MethodHandle read =
          MethodHandles.lookup()
              .findVirtual(Reader.class, "read", shape.toMethodType())
              .bindTo(reader);
      MemorySegment source = (MemorySegment) newSource.invokeExact();
      long _ =
          (long)
              connect.invokeExact(
                  source,
                  arena.allocateFrom("read"),
                  linker.upcallStub(read, shape, arena),
                  MemorySegment.NULL,
                  MemorySegment.NULL,
                  0);
      return source;
    } catch (Throwable e) {
      throw LibVips.failure(e);
    }
  }

  /**
   * Computes all pixels of a picture, on this thread, and drops them.
   *
   * @param rows computed at a time
   */
  void pull(MemorySegment image, Dimensions size, int rows, Arena arena) throws VipsException {
    try {
      MemorySegment region = (MemorySegment) newRegion.invokeExact(image);
      MemorySegment rectangle = arena.allocate(JAVA_INT, 4);
      try {
        for (int top = 0; top < size.height(); top += rows) {
          int height = Math.min(rows, size.height() - top);
          // VipsRect: left, top, width, height.
          rectangle.copyFrom(MemorySegment.ofArray(new int[] {0, top, size.width(), height}));
          if ((int) prepare.invokeExact(region, rectangle) != 0) {
            throw new VipsException(vips.takeErrors());
          }
        }
      } finally {
        vips.unref(region);
      }
    } catch (Throwable e) {
      throw LibVips.failure(e);
    }
  }
}
