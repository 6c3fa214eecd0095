package dev.pictj.nativecode;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A function of a {@link NativeLibrary}. Arguments are pointers as {@link MemorySegment}, and
 * numbers of the declared types. Safe for use by many threads if the function is.
 */
public final class NativeFunction {
  private final MethodHandle handle;

  NativeFunction(MethodHandle handle) {
    this.handle = handle;
  }

  /** Calls a function that returns an int. */
  public int callInt(Object... arguments) {
    return (int) requireNonNull(call(arguments));
  }

  /** Calls a function that returns a long. */
  public long callLong(Object... arguments) {
    return (long) requireNonNull(call(arguments));
  }

  /** Calls a function that returns a pointer, to memory of unknown size. */
  public MemorySegment callPointer(Object... arguments) {
    return (MemorySegment) requireNonNull(call(arguments));
  }

  /**
   * A call with these arguments, made ready: it takes no memory of the heap itself, for use when
   * there is none left. A result is dropped.
   */
  public Runnable ready(Object... arguments) {
    MethodHandle bound =
        MethodHandles.insertArguments(handle, 0, arguments)
            .asType(MethodType.methodType(void.class));
    return () -> {
      try {
        bound.invokeExact();
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError("C throws no exceptions", e);
      }
    };
  }

  /**
   * Calls a function.
   *
   * @return null where the function returns nothing
   */
  public @Nullable Object call(Object... arguments) {
    try {
      return handle.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("C throws no exceptions", e);
    }
  }
}
