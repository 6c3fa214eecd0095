package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.media.Dimensions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The loaded library: one method for each plain function used, one for all variadic ones. It is set
 * up for a server: no cache, one thread for each picture, and no loader but those of JPEG, PNG and
 * WebP.
 *
 * <p>Safe for use by many threads, but none of them may be a virtual one: a native call does not
 * yield.
 */
// Native calls are what this class is for; but for a few of Draining and MemoryPictures, it makes
// all of libvips'.
@SuppressWarnings("restricted")
final class LibVips {
  /** The first that can be told which loaders it must not use. */
  private static final int OLDEST_MAJOR = 8;

  private static final int OLDEST_MINOR = 13;

  /** {@code GLogLevelFlags} of GLib: error, critical, warning. */
  private static final int WARNING_OR_WORSE = 1 << 2 | 1 << 3 | 1 << 4;

  private static final List<String> LOADERS =
      List.of("VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp");

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup symbols;
  private final Map<String, MethodHandle> variadic = new ConcurrentHashMap<>();
  private final MethodHandle errors;
  private final MethodHandle free;
  private final MethodHandle unref;
  private final MethodHandle kill;
  private final MethodHandle threadShutdown;
  private final MethodHandle copyToMemory;
  private final MethodHandle data;
  private final MethodHandle typeOf;
  private final MethodHandle newArray;
  private final MethodHandle unrefArea;
  private final MethodHandle trackedBytes;
  private final Draining draining;
  private final MemoryPictures memoryPictures;
  private final AtomicLong warnings = new AtomicLong();
  private final int major;
  private final int minor;
  private final int micro;

  private LibVips(SymbolLookup symbols) throws UnavailableException {
    this.symbols = symbols;
    MethodHandle version = function("vips_version", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    major = number(version, 0);
    minor = number(version, 1);
    micro = number(version, 2);
    if (major != OLDEST_MAJOR || minor < OLDEST_MINOR) {
      throw new UnavailableException(
          "libvips %s is too old, %d.%d is the oldest"
              .formatted(version(), OLDEST_MAJOR, OLDEST_MINOR));
    }
    errors = function("vips_error_buffer_copy", FunctionDescriptor.of(ADDRESS));
    free = function("g_free", FunctionDescriptor.ofVoid(ADDRESS));
    unref = function("g_object_unref", FunctionDescriptor.ofVoid(ADDRESS));
    kill = function("vips_image_set_kill", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    threadShutdown = function("vips_thread_shutdown", FunctionDescriptor.ofVoid());
    copyToMemory = function("vips_image_copy_memory", FunctionDescriptor.of(ADDRESS, ADDRESS));
    data = function("vips_image_get_data", FunctionDescriptor.of(ADDRESS, ADDRESS));
    typeOf = function("vips_image_get_typeof", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS));
    newArray = function("vips_array_double_new", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    unrefArea = function("vips_area_unref", FunctionDescriptor.ofVoid(ADDRESS));
    trackedBytes = function("vips_tracked_get_mem", FunctionDescriptor.of(JAVA_LONG));
    draining = new Draining(this, linker);
    memoryPictures = new MemoryPictures(this);
    for (VipsFunction function : VipsFunction.values()) {
      symbol(function.symbol());
    }
  }

  /**
   * Finds the library by the names that the system's loader knows, and sets it up.
   *
   * @param messages hears what GLib and libvips would print, on any thread
   */
  static LibVips load(Consumer<String> messages) throws UnavailableException {
    try {
      LibVips vips =
          new LibVips(
              library("libvips.so.42", "libvips.42.dylib")
                  .or(library("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"))
                  .or(library("libglib-2.0.so.0", "libglib-2.0.0.dylib")));
      vips.setUp(messages);
      return vips;
    } catch (IllegalCallerException | UnsupportedOperationException | LinkageError e) {
      throw new UnavailableException("this Java runtime does not call native libraries", e);
    }
  }

  /** A library by the first of its names that the system's loader knows. */
  static SymbolLookup library(String... names) throws UnavailableException {
    for (String name : names) {
      try {
        return SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException _) {
        // The next name may do.
      }
    }
    throw new UnavailableException(names[0] + " is not installed");
  }

  /**
   * What calls another library, where that is installed and has all that is called.
   *
   * @param binding of its symbols
   * @param names as for {@link #library}
   */
  static <T> Optional<T> optional(Function<SymbolLookup, T> binding, String... names) {
    try {
      return Optional.of(binding.apply(library(names)));
    } catch (UnavailableException
        | IllegalCallerException
        | UnsupportedOperationException
        | NoSuchElementException
        | LinkageError e) {
      return Optional.empty();
    }
  }

  private void setUp(Consumer<String> messages) throws UnavailableException {
    try (Arena arena = Arena.ofConfined()) {
      redirect(messages);
      MethodHandle init = function("vips_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
      if ((int) init.invokeExact(arena.allocateFrom("pictj")) != 0) {
        throw new UnavailableException("libvips could not be initialised: " + takeErrors());
      }
      setNumber("vips_cache_set_max", 0);
      setNumber("vips_concurrency_set", 1);
      setNumber("vips_block_untrusted_set", 1);
      MethodHandle block =
          function("vips_operation_block_set", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
      block.invokeExact(arena.allocateFrom("VipsForeignLoad"), 1);
      for (String loader : LOADERS) {
        block.invokeExact(arena.allocateFrom(loader), 0);
      }
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** {@code GLogFunc} of GLib: domain, level, message, and what was given along with it. */
  @FunctionalInterface
  interface Listener {
    void said(MemorySegment domain, int level, MemorySegment message, MemorySegment data);
  }

  /** What GLib and libvips have to say would go to standard error. */
  private void redirect(Consumer<String> messages) throws Throwable {
    // Called by native threads, where an exception would end the process.
    Listener listener =
        (_, level, message, _) -> {
          if ((level & WARNING_OR_WORSE) != 0) {
            warnings.incrementAndGet();
          }
          try {
            messages.accept(text(message).strip());
          } catch (Throwable unspeakable) {
            // A message less.
          }
        };
    FunctionDescriptor shape = FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    MethodHandle handler =
        MethodHandles.lookup()
            .findVirtual(Listener.class, "said", shape.toMethodType())
            .bindTo(listener);
    MemorySegment stub = linker.upcallStub(handler, shape, Arena.global());
    MethodHandle set =
        function("g_log_set_default_handler", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    MemorySegment _ = (MemorySegment) set.invokeExact(stub, MemorySegment.NULL);
  }

  /** Such as {@code 8.14.1}. */
  String version() {
    return major + "." + minor + "." + micro;
  }

  /** Whether a saver can be told to keep the colour profile and nothing else. */
  boolean keepsSelectively() {
    return minor >= 15;
  }

  /**
   * Calls a variadic function.
   *
   * @param arena where the names of options live during the call
   * @param arguments the fixed ones, then pairs of option name and value: pointers as {@link
   *     MemorySegment}, else {@code String}, {@code Integer}, {@code Long} or {@code Double}
   * @throws VipsException when it did not return 0
   */
  void call(VipsFunction function, Arena arena, Object... arguments) throws VipsException {
    Object[] words = new Object[arguments.length + 1];
    StringBuilder signature = new StringBuilder(function.name());
    for (int i = 0; i < arguments.length; i++) {
      words[i] = arguments[i] instanceof String text ? arena.allocateFrom(text) : arguments[i];
      signature.append(layoutLetter(words[i]));
    }
    words[arguments.length] = MemorySegment.NULL;
    MethodHandle handle =
        variadic.computeIfAbsent(signature.toString(), _ -> variadic(function, words));
    try {
      if ((int) handle.invokeExact(words) != 0) {
        throw new VipsException(takeErrors());
      }
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private MethodHandle variadic(VipsFunction function, Object[] words) {
    MemoryLayout[] layouts = Arrays.stream(words).map(LibVips::layout).toArray(MemoryLayout[]::new);
    return linker
        .downcallHandle(
            symbols.findOrThrow(function.symbol()),
            FunctionDescriptor.of(JAVA_INT, layouts),
            Linker.Option.firstVariadicArg(function.fixed()))
        .asSpreader(Object[].class, words.length)
        .asType(MethodType.methodType(int.class, Object[].class));
  }

  private static char layoutLetter(Object word) {
    return switch (word) {
      case MemorySegment _ -> 'p';
      case Integer _ -> 'i';
      case Long _ -> 'l';
      case Double _ -> 'd';
      default -> throw new IllegalArgumentException("no argument of C: " + word.getClass());
    };
  }

  private static MemoryLayout layout(Object word) {
    return switch (layoutLetter(word)) {
      case 'p' -> ADDRESS;
      case 'i' -> JAVA_INT;
      case 'l' -> JAVA_LONG;
      default -> JAVA_DOUBLE;
    };
  }

  /** A copy of the picture whose pixels are all in memory; computes them. */
  MemorySegment copyToMemory(MemorySegment image) throws VipsException {
    try {
      MemorySegment copy = (MemorySegment) copyToMemory.invokeExact(image);
      if (copy.equals(MemorySegment.NULL)) {
        throw new VipsException(takeErrors());
      }
      return copy;
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** The pixels of a picture whose pixels are all in memory, a byte for each band. */
  MemorySegment memory(MemorySegment image) throws VipsException {
    try {
      MemorySegment pixels = (MemorySegment) data.invokeExact(image);
      if (pixels.equals(MemorySegment.NULL)) {
        throw new VipsException(takeErrors());
      }
      return bytes(pixels, size(image).area() * ask("vips_image_get_bands", image));
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** Whether a picture carries a field of this name. */
  boolean has(MemorySegment image, String field) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) typeOf.invokeExact(image, arena.allocateFrom(field)) != 0;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** One of the functions that tell a number about a picture, such as its width. */
  int ask(String function, MemorySegment image) {
    try {
      return (int)
          variadic
              .computeIfAbsent(
                  function,
                  _ ->
                      linker.downcallHandle(
                          symbols.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, ADDRESS)))
              .invokeExact(image);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** What makes it compute pixels for nobody. */
  Draining draining() {
    return draining;
  }

  /** What makes a picture of pixels. */
  MemoryPictures memoryPictures() {
    return memoryPictures;
  }

  Dimensions size(MemorySegment image) {
    return new Dimensions(ask("vips_image_get_width", image), ask("vips_image_get_height", image));
  }

  /** How many warnings and worse have gone to the log since the start. */
  long warnings() {
    return warnings.get();
  }

  /** A {@code VipsArrayDouble}, to be given back to {@link #unrefArray}. */
  MemorySegment array(Arena arena, double... values) {
    try {
      return (MemorySegment)
          newArray.invokeExact(arena.allocateFrom(JAVA_DOUBLE, values), values.length);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  void unrefArray(MemorySegment array) {
    callWith(unrefArea, array);
  }

  /** Gives up a picture. */
  void unref(MemorySegment image) {
    callWith(unref, image);
  }

  /** Gives back memory that libvips has allocated for its caller. */
  void free(MemorySegment memory) {
    callWith(free, memory);
  }

  /** Makes every computation of this picture's pixels fail from now on. */
  void kill(MemorySegment image) {
    try {
      kill.invokeExact(image, 1);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** To be called by a thread that has used the library, at its end. */
  void endThread() {
    try {
      threadShutdown.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes of pixels that the library holds now. */
  long trackedBytes() {
    try {
      return (long) trackedBytes.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void callWith(MethodHandle function, MemorySegment argument) {
    try {
      function.invokeExact(argument);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The messages since the last time, which belong to all threads together; in words that are for
   * the log only.
   */
  String takeErrors() {
    try {
      MemorySegment copy = (MemorySegment) errors.invokeExact();
      String text = text(copy);
      free(copy);
      return String.join("; ", text.strip().lines().limit(8).toList());
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** What lies behind a pointer that a function has given. */
  static MemorySegment bytes(MemorySegment pointer, long length) {
    return pointer.reinterpret(length);
  }

  private static String text(MemorySegment pointer) {
    return pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  private void setNumber(String function, int value) throws Throwable {
    function(function, FunctionDescriptor.ofVoid(JAVA_INT)).invokeExact(value);
  }

  private static int number(MethodHandle function, int argument) {
    try {
      return (int) function.invokeExact(argument);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  MethodHandle function(String name, FunctionDescriptor descriptor) throws UnavailableException {
    return linker.downcallHandle(symbol(name), descriptor);
  }

  private MemorySegment symbol(String name) throws UnavailableException {
    return symbols
        .find(name)
        .orElseThrow(() -> new UnavailableException("this libvips has no " + name));
  }

  static VipsException failure(Throwable e) {
    return switch (e) {
      case VipsException known -> known;
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> new VipsException("a native call failed", e);
    };
  }

  private static UnavailableException rethrown(Throwable e) {
    return switch (e) {
      case UnavailableException known -> known;
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> new UnavailableException("libvips could not be set up", e);
    };
  }
}
