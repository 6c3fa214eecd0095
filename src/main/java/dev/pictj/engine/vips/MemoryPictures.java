package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.media.Dimensions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The native calls by which pixels in memory become a picture. */
final class MemoryPictures {
  /** Values of libvips' enumerations (libvips.org), stable since 8.0. */
  private static final int UCHAR = 0;

  private static final int GREY = 1;
  private static final int SRGB = 22;

  /** Pixels a millimetre: 72 an inch, for no size on paper is meant. */
  private static final double RESOLUTION = 72 / 25.4;

  private final LibVips vips;
  private final MethodHandle newImage;
  private final MethodHandle setBlob;

  MemoryPictures(LibVips vips) throws UnavailableException {
    this.vips = vips;
    newImage =
        vips.function(
            "vips_image_new_from_memory",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    setBlob =
        vips.function(
            "vips_image_set_blob_copy",
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
  }

  /**
   * A picture like the one that a loader of libvips would have made.
   *
   * @param profile the name of the field that has it
   */
  MemorySegment open(Pixels pixels, String profile, Pictures pictures, Arena arena)
      throws VipsException {
    try {
      MemorySegment image =
          picture(
              pixels.samples(),
              pixels.size(),
              pixels.bands(),
              pixels.bands() == 1 ? GREY : SRGB,
              pictures,
              arena);
      if (pixels.profile().length > 0) {
        setBlob.invokeExact(
            image,
            arena.allocateFrom(profile),
            arena.allocateFrom(JAVA_BYTE, pixels.profile()),
            (long) pixels.profile().length);
      }
      return image;
    } catch (Throwable e) {
      throw LibVips.failure(e);
    }
  }

  private MemorySegment picture(
      MemorySegment samples,
      Dimensions size,
      int bands,
      int interpretation,
      Pictures pictures,
      Arena arena)
      throws Throwable {
    MemorySegment bare =
        (MemorySegment)
            newImage.invokeExact(
                samples, samples.byteSize(), size.width(), size.height(), bands, UCHAR);
    if (bare.equals(MemorySegment.NULL)) {
      throw new VipsException(vips.takeErrors());
    }
    MemorySegment slot = arena.allocate(ADDRESS);
    vips.call(
        VipsFunction.COPY,
        arena,
        pictures.keep(bare),
        slot,
        "interpretation",
        interpretation,
        "xres",
        RESOLUTION,
        "yres",
        RESOLUTION);
    return pictures.keep(slot.get(ADDRESS, 0));
  }
}
