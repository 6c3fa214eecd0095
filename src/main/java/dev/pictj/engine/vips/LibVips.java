package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.media.Dimensions;
import dev.pictj.nativecode.NativeCallback;
import dev.pictj.nativecode.NativeFunction;
import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.NativeMemory;
import dev.pictj.nativecode.UnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The loaded library: one method for each plain function used, one for all variadic ones. It is set
 * up for a server: no cache, one thread for each picture, and no loader but those of the formats
 * that are decoded here.
 *
 * <p>Safe for use by many threads, but none of them may be a virtual one: a native call does not
 * yield.
 */
final class LibVips {
  /** The oldest version that can be told which loaders it must not use. */
  private static final int OLDEST_MAJOR = 8;

  private static final int OLDEST_MINOR = 13;

  /** {@code VIPS_FORMAT_UCHAR}. */
  private static final int UCHAR = 0;

  private static final int USHORT = 2;

  /**
   * What the loader of HEIF says of each file that names its colours by numbers, which {@link
   * dev.pictj.engine.metadata.Colours} reads.
   */
  private static final String IGNORED_WARNING = "ignoring nclx profile";

  /** {@code GLogLevelFlags} of GLib: error, critical, warning. */
  private static final int WARNING_OR_WORSE = 1 << 2 | 1 << 3 | 1 << 4;

  private final NativeLibrary library;
  private final Map<List<?>, NativeFunction> variadic = new ConcurrentHashMap<>();
  private final NativeFunction width;
  private final NativeFunction height;
  private final NativeFunction bands;
  private final NativeFunction format;
  private final NativeFunction hasAlpha;
  private final NativeFunction errors;
  private final NativeFunction free;
  private final NativeFunction unref;
  private final NativeFunction kill;
  private final NativeFunction threadShutdown;
  private final NativeFunction copyToMemory;
  private final NativeFunction data;
  private final NativeFunction typeOf;
  private final NativeFunction newArray;
  private final NativeFunction unrefArea;
  private final NativeFunction trackedBytes;
  private final NativeFunction newRegion;
  private final NativeFunction prepare;
  private final NativeFunction fetch;
  private final NativeFunction newSource;
  private final NativeFunction connect;
  private final NativeFunction newImage;
  private final NativeFunction setBlob;
  private final NativeFunction getBlob;
  private final NativeFunction removeField;
  private final NativeFunction findType;
  private final AtomicLong warnings = new AtomicLong();
  private final int major;
  private final int minor;
  private final int micro;

  private LibVips(NativeLibrary library) throws UnavailableException {
    this.library = library;
    width = library.function("int vips_image_get_width(ptr)");
    height = library.function("int vips_image_get_height(ptr)");
    bands = library.function("int vips_image_get_bands(ptr)");
    format = library.function("int vips_image_get_format(ptr)");
    hasAlpha = library.function("int vips_image_hasalpha(ptr)");
    errors = library.function("ptr vips_error_buffer_copy()");
    free = library.function("void g_free(ptr)");
    unref = library.function("void g_object_unref(ptr)");
    kill = library.function("void vips_image_set_kill(ptr, int)");
    threadShutdown = library.function("void vips_thread_shutdown()");
    copyToMemory = library.function("ptr vips_image_copy_memory(ptr)");
    data = library.function("ptr vips_image_get_data(ptr)");
    typeOf = library.function("long vips_image_get_typeof(ptr, ptr)");
    newArray = library.function("ptr vips_array_double_new(ptr, int)");
    unrefArea = library.function("void vips_area_unref(ptr)");
    trackedBytes = library.function("long vips_tracked_get_mem()");
    newRegion = library.function("ptr vips_region_new(ptr)");
    prepare = library.function("int vips_region_prepare(ptr, ptr)");
    fetch = library.function("ptr vips_region_fetch(ptr, int, int, int, int, ptr)");
    newSource = library.function("ptr vips_source_custom_new()");
    connect = library.function("long g_signal_connect_data(ptr, ptr, ptr, ptr, ptr, int)");
    newImage = library.function("ptr vips_image_new_from_memory(ptr, long, int, int, int, int)");
    setBlob = library.function("void vips_image_set_blob_copy(ptr, ptr, ptr, long)");
    getBlob = library.function("int vips_image_get_blob(ptr, ptr, ptr, ptr)");
    findType = library.function("long vips_type_find(ptr, ptr)");
    removeField = library.function("int vips_image_remove(ptr, ptr)");
    NativeFunction version = library.function("int vips_version(int)");
    major = version.callInt(0);
    minor = version.callInt(1);
    micro = version.callInt(2);
    if (major != OLDEST_MAJOR || minor < OLDEST_MINOR) {
      throw new UnavailableException(
          "libvips %s is too old, %d.%d is the oldest"
              .formatted(version(), OLDEST_MAJOR, OLDEST_MINOR));
    }
    for (VipsFormat known : VipsFormat.values()) {
      library.require(known.loader().symbol());
      library.require(known.saver().symbol());
    }
  }

  /**
   * Finds the library by the names that the system's loader knows, and sets it up.
   *
   * @param messages hears what GLib and libvips would print, on any thread
   */
  static LibVips load(Consumer<String> messages) throws UnavailableException {
    LibVips vips =
        new LibVips(
            NativeLibrary.load("libvips.so.42", "libvips.42.dylib")
                .or(NativeLibrary.load("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"))
                .or(NativeLibrary.load("libglib-2.0.so.0", "libglib-2.0.0.dylib")));
    vips.setUp(messages);
    return vips;
  }

  private void setUp(Consumer<String> messages) throws UnavailableException {
    try (Arena arena = Arena.ofConfined()) {
      redirect(messages);
      if (library.function("int vips_init(ptr)").callInt(arena.allocateFrom("pictj")) != 0) {
        throw new UnavailableException("libvips could not be initialised: " + takeErrors());
      }
      setNumber("vips_cache_set_max", 0);
      setNumber("vips_concurrency_set", 1);
      setNumber("vips_block_untrusted_set", 1);
      NativeFunction block = library.function("void vips_operation_block_set(ptr, int)");
      block.call(arena.allocateFrom("VipsForeignLoad"), 1);
      for (VipsFormat known : VipsFormat.values()) {
        if (known.isLoaded()) {
          block.call(arena.allocateFrom(known.loaderClass()), 0);
        }
        block.call(arena.allocateFrom(known.saverClass()), 0);
      }
    }
  }

  private void setNumber(String function, int value) throws UnavailableException {
    library.function("void %s(int)".formatted(function)).call(value);
  }

  /** Takes over what GLib and libvips have to say, which would go to standard error. */
  private void redirect(Consumer<String> messages) throws UnavailableException {
    // GLogFunc: domain, level, message, and what was given along with it.
    NativeCallback listener =
        said -> {
          String message = "";
          try {
            message = NativeMemory.text((MemorySegment) said[2]).strip();
            messages.accept(message);
          } catch (RuntimeException unspeakable) {
            // A message less.
          }
          if (((int) said[1] & WARNING_OR_WORSE) != 0 && !message.endsWith(IGNORED_WARNING)) {
            warnings.incrementAndGet();
          }
          return null;
        };
    MemorySegment pointer =
        NativeCallback.pointer(
            listener,
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS, ADDRESS),
            Arena.global());
    library.function("ptr g_log_set_default_handler(ptr, ptr)").call(pointer, MemorySegment.NULL);
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
    Object[] words = Arrays.copyOf(arguments, arguments.length + 1);
    words[arguments.length] = MemorySegment.NULL;
    MemoryLayout[] layouts = new MemoryLayout[words.length];
    for (int i = 0; i < words.length; i++) {
      if (words[i] instanceof String text) {
        words[i] = arena.allocateFrom(text);
      }
      layouts[i] = layout(words[i]);
    }
    NativeFunction linked =
        variadic.computeIfAbsent(
            List.of(function, List.of(layouts)), _ -> variadic(function, layouts));
    if (linked.callInt(words) != 0) {
      throw new VipsException(takeErrors());
    }
  }

  private NativeFunction variadic(VipsFunction function, MemoryLayout... layouts) {
    try {
      return library.variadic(JAVA_INT, function.symbol(), function.fixed(), layouts);
    } catch (UnavailableException e) {
      throw new IllegalStateException("it was there when the library was loaded", e);
    }
  }

  private static MemoryLayout layout(Object word) {
    return switch (word) {
      case MemorySegment _ -> ADDRESS;
      case Integer _ -> JAVA_INT;
      case Long _ -> JAVA_LONG;
      case Double _ -> JAVA_DOUBLE;
      default -> throw new IllegalArgumentException("no argument of C: " + word.getClass());
    };
  }

  /** A copy of the picture whose pixels are all in memory; computes them. */
  MemorySegment copyToMemory(MemorySegment image) throws VipsException {
    return notNull(copyToMemory.callPointer(image));
  }

  /** The pixels of a picture whose pixels are all in memory, of one or two bytes for each band. */
  MemorySegment memory(MemorySegment image) throws VipsException {
    long samples = size(image).area() * bands(image);
    long length = format(image) == USHORT ? 2 * samples : samples;
    return NativeMemory.bytes(notNull(data.callPointer(image)), length);
  }

  private MemorySegment notNull(MemorySegment pointer) throws VipsException {
    if (pointer.equals(MemorySegment.NULL)) {
      throw new VipsException(takeErrors());
    }
    return pointer;
  }

  /**
   * A picture of pixels in memory, a byte for each band.
   *
   * @param samples not freed before the picture
   */
  MemorySegment newImage(MemorySegment samples, Dimensions size, int bands) throws VipsException {
    return notNull(
        newImage.callPointer(
            samples, samples.byteSize(), size.width(), size.height(), bands, UCHAR));
  }

  /** Whether a picture carries a field of this name. */
  boolean has(MemorySegment image, String field) {
    try (Arena arena = Arena.ofConfined()) {
      return typeOf.callLong(image, arena.allocateFrom(field)) != 0;
    }
  }

  /** Gives a picture a field. */
  void set(MemorySegment image, String field, byte... value) {
    try (Arena arena = Arena.ofConfined()) {
      setBlob.call(
          image,
          arena.allocateFrom(field),
          arena.allocateFrom(JAVA_BYTE, value),
          (long) value.length);
    }
  }

  /** The bytes of a field that a picture has. */
  byte[] get(MemorySegment image, String field) throws VipsException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(ADDRESS);
      MemorySegment length = arena.allocate(JAVA_LONG);
      if (getBlob.callInt(image, arena.allocateFrom(field), data, length) != 0) {
        throw new VipsException(takeErrors());
      }
      return NativeMemory.bytes(data.get(ADDRESS, 0), length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
    }
  }

  /** Whether the library was built with an operation, such as {@code heifload_buffer}. */
  boolean hasOperation(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return findType.callLong(arena.allocateFrom("VipsOperation"), arena.allocateFrom(name)) != 0;
    }
  }

  /** Takes a field from a picture, if it has it. */
  void remove(MemorySegment image, String field) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = removeField.callInt(image, arena.allocateFrom(field));
    }
  }

  Dimensions size(MemorySegment image) {
    return new Dimensions(width.callInt(image), height.callInt(image));
  }

  /** How many numbers each pixel has. */
  int bands(MemorySegment image) {
    return bands.callInt(image);
  }

  /** A member of {@code VipsBandFormat}. */
  int format(MemorySegment image) {
    return format.callInt(image);
  }

  boolean hasAlpha(MemorySegment image) {
    return hasAlpha.callInt(image) != 0;
  }

  /**
   * A {@code VipsSource}, to be given up by {@link #unref}; what reads from it holds it longer.
   *
   * @param reader fills a buffer from its beginning and returns how many bytes that were, at the
   *     end 0; called by the thread that computes, and must not throw
   * @param arena not closed before that has ended
   */
  MemorySegment source(ToLongFunction<MemorySegment> reader, Arena arena) {
    MemorySegment source = newSource.callPointer();
    // Handler of the signal: source, buffer, length, and what was given along with it.
    MemorySegment pointer =
        NativeCallback.pointer(
            asked ->
                reader.applyAsLong(
                    NativeMemory.bytes((MemorySegment) asked[1], Math.max(0, (long) asked[2]))),
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS),
            arena);
    connect.call(
        source, arena.allocateFrom("read"), pointer, MemorySegment.NULL, MemorySegment.NULL, 0);
    return source;
  }

  /**
   * Computes the pixels of a picture, on this thread, and drops them.
   *
   * @param from the first row
   * @param rows computed at a time
   */
  void drain(MemorySegment image, int from, Dimensions size, int rows, Arena arena)
      throws VipsException {
    MemorySegment region = newRegion.callPointer(image);
    MemorySegment rectangle = arena.allocate(JAVA_INT, 4);
    try {
      for (int top = from; top < size.height(); top += rows) {
        int height = Math.min(rows, size.height() - top);
        // VipsRect: left, top, width, height.
        rectangle.copyFrom(MemorySegment.ofArray(new int[] {0, top, size.width(), height}));
        if (prepare.callInt(region, rectangle) != 0) {
          throw new VipsException(takeErrors());
        }
      }
    } finally {
      unref(region);
    }
  }

  /**
   * Computes all pixels of a picture, on this thread, one row after another.
   *
   * @return a byte for each band
   * @throws VipsException also when the bands have others
   */
  MemorySegment pull(MemorySegment image, Arena arena) throws VipsException {
    Dimensions size = size(image);
    final long row = (long) size.width() * bands(image);
    MemorySegment samples = arena.allocate(row * size.height());
    MemorySegment length = arena.allocate(JAVA_LONG);
    MemorySegment region = newRegion.callPointer(image);
    try {
      for (int top = 0; top < size.height(); top++) {
        MemorySegment bytes = notNull(fetch.callPointer(region, 0, top, size.width(), 1, length));
        try {
          if (length.get(JAVA_LONG, 0) != row) {
            throw new VipsException("a row has another length");
          }
          MemorySegment.copy(NativeMemory.bytes(bytes, row), 0, samples, top * row, row);
        } finally {
          free(bytes);
        }
      }
    } finally {
      unref(region);
    }
    return samples;
  }

  /** How many warnings and worse have gone to the log since the start. */
  long warnings() {
    return warnings.get();
  }

  /** A {@code VipsArrayDouble}, to be given back to {@link #unrefArray}. */
  MemorySegment array(Arena arena, double... values) {
    return newArray.callPointer(arena.allocateFrom(JAVA_DOUBLE, values), values.length);
  }

  void unrefArray(MemorySegment array) {
    unrefArea.call(array);
  }

  /** Gives up a picture. */
  void unref(MemorySegment image) {
    unref.call(image);
  }

  /** Gives back memory that libvips has allocated for its caller. */
  void free(MemorySegment memory) {
    free.call(memory);
  }

  /** Makes every computation of this picture's pixels fail from now on. */
  void kill(MemorySegment image) {
    kill.call(image, 1);
  }

  /** To be called by a thread that has used the library, at its end. */
  void endThread() {
    threadShutdown.call();
  }

  /** Bytes of pixels that the library holds now. */
  long trackedBytes() {
    return trackedBytes.callLong();
  }

  /**
   * The messages since the last time, which belong to all threads together; in words that are for
   * the log only.
   */
  String takeErrors() {
    MemorySegment copy = errors.callPointer();
    String text = NativeMemory.text(copy);
    free(copy);
    return String.join("; ", text.strip().lines().limit(8).toList());
  }
}
