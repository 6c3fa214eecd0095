package dev.pictj.nativecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeFunctionTest {
  @Test
  void numbersAndPointersGoToAndFro() throws Exception {
    NativeLibrary c = NativeLibrary.standard();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom("four");
      assertThat(c.function("int abs(int)").callInt(-7)).isEqualTo(7);
      assertThat(c.function("long strlen(ptr)").callLong(text)).isEqualTo(4);
      MemorySegment found = c.function("ptr strchr(ptr, int)").callPointer(text, (int) 'u');
      assertThat(NativeMemory.text(found)).isEqualTo("ur");
      assertThat(c.function("void free(ptr)").call(MemorySegment.NULL)).isNull();
    }
  }

  @Test
  void aDeclarationHasKnownTypesOnly() throws Exception {
    NativeLibrary c = NativeLibrary.standard();
    for (String wrong : List.of("int abs(short)", "char *strchr(ptr, int)")) {
      assertThatIllegalArgumentException().isThrownBy(() -> c.function(wrong));
    }
  }

  @Test
  void aVariadicFunctionTakesWhatItIsLinkedFor() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(16);
      NativeFunction print =
          NativeLibrary.standard()
              .variadic(JAVA_INT, "snprintf", 3, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT);
      assertThat(print.callInt(buffer, 16L, arena.allocateFrom("<%d>"), 42)).isEqualTo(4);
      assertThat(NativeMemory.text(buffer)).isEqualTo("<42>");
    }
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    NativeLibrary c = NativeLibrary.standard();
    assertThat(c.has("abs")).isTrue();
    assertThat(c.has("no_such_function")).isFalse();
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> c.function("void no_such_function()"))
        .withMessage("the C library has no no_such_function");
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> NativeLibrary.load("libnosuch.so.1", "libnosuch.1.dylib"))
        .withMessage("libnosuch.so.1 is not installed");
    assertThat(
            NativeLibrary.optional(
                library -> library.function("void abs()"), "libnosuch.so.1", "libc.so.6"))
        .isPresent();
    assertThat(NativeLibrary.optional(library -> library.function("void no_such()"), "libc.so.6"))
        .isEmpty();
  }

  @Test
  void anErrorAndAnExceptionPass() throws Exception {
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> throwing(new OutOfMemoryError("none left")).call())
        .withMessage("none left");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> throwing(new IllegalStateException("closed")).callInt())
        .withMessage("closed");
  }

  private static NativeFunction throwing(Throwable thrown) {
    MethodHandle thrower = MethodHandles.throwException(int.class, thrown.getClass());
    return new NativeFunction(thrower.bindTo(thrown).asType(MethodType.methodType(int.class)));
  }

  @Test
  void aLibraryCallsBack() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocateFrom(JAVA_INT, 3, 1, 2);
      MemorySegment compare =
          NativeCallback.pointer(
              given ->
                  Integer.compare(
                      number((MemorySegment) given[0]), number((MemorySegment) given[1])),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS),
              arena);
      NativeLibrary.standard()
          .function("void qsort(ptr, long, long, ptr)")
          .call(numbers, 3L, 4L, compare);
      assertThat(numbers.toArray(JAVA_INT)).containsExactly(1, 2, 3);
    }
  }

  private static int number(MemorySegment pointer) {
    return NativeMemory.bytes(pointer, 4).get(JAVA_INT, 0);
  }
}
