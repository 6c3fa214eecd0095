package dev.pictj.nativecode;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What a library calls. An exception ends the process, as there is no Java below that could catch
 * it: so only an {@code Error}, after which nobody should go on, may leave it.
 */
@FunctionalInterface
public interface NativeCallback {
  /**
   * Called by the library, on any thread.
   *
   * @return a number of the declared type; null where nothing is returned
   */
  @Nullable Object called(Object... arguments);

  /**
   * Makes a pointer to a callback.
   *
   * @param arena not closed before the last call
   */
  @SuppressWarnings("restricted") // the jar says that it may
  static MemorySegment pointer(NativeCallback callback, FunctionDescriptor shape, Arena arena) {
    MethodType type = shape.toMethodType();
    try {
      MethodHandle called =
          MethodHandles.lookup()
              .findVirtual(
                  NativeCallback.class,
                  "called",
                  MethodType.methodType(Object.class, Object[].class))
              .bindTo(callback)
              .asCollector(Object[].class, type.parameterCount())
              .asType(type);
      return Linker.nativeLinker().upcallStub(called, shape, arena);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the interface has this method", e);
    }
  }
}
