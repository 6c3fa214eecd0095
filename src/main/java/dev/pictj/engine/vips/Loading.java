package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The beginning of every job: a picture whose rows come from a decoder as they are asked for. */
final class Loading {
  /** Values of libvips' enumerations (libvips.org), stable since 8.0. */
  private static final int SEQUENTIAL = 1;

  private static final int FAIL_ON_WARNING = 3;
  private static final int GREY = 1;
  private static final int SRGB = 22;

  /** The field that has the ICC profile. */
  static final String PROFILE = "icc-profile-data";

  /** Pixels a millimetre: 72 an inch, for no size on paper is meant. */
  private static final double RESOLUTION = 72 / 25.4;

  private final LibVips vips;
  private final Pictures pictures;
  private final Arena arena;

  Loading(LibVips vips, Pictures pictures, Arena arena) {
    this.vips = vips;
    this.pictures = pictures;
    this.arena = arena;
  }

  /**
   * Opens it. The least that a decoder complains about is an error, now or later.
   *
   * @param stored its size, as its header was read
   * @param shrink by how much the decoder shall shrink it; JPEG knows 2, 4 and 8
   * @throws VipsException also when it has another size
   */
  MemorySegment open(MemorySegment source, MediaType type, Dimensions stored, double shrink)
      throws VipsException {
    VipsFormat format = VipsFormat.of(type);
    List<Object> arguments = new ArrayList<>(List.of(source, source.byteSize()));
    MemorySegment slot = arena.allocate(ADDRESS);
    arguments.addAll(List.of(slot, "access", SEQUENTIAL, "fail_on", FAIL_ON_WARNING));
    arguments.addAll(format.loading(shrink));
    vips.call(format.loader(), arena, arguments.toArray());
    MemorySegment image = pictures.keep(slot.get(ADDRESS, 0));
    if (shrink == 1) {
      requireSize(image, stored);
    }
    return image;
  }

  /** Opens a JPEG that is not shrunk, from a source that tells how far it has been read. */
  MemorySegment openJpeg(WatchedSource watched, Dimensions stored) throws VipsException {
    MemorySegment slot = arena.allocate(ADDRESS);
    MemorySegment source = vips.source(watched::read, arena);
    try {
      vips.call(
          VipsFunction.JPEG_LOAD_SOURCE,
          arena,
          source,
          slot,
          "access",
          SEQUENTIAL,
          "fail_on",
          FAIL_ON_WARNING);
    } finally {
      vips.unref(source);
    }
    MemorySegment image = pictures.keep(slot.get(ADDRESS, 0));
    requireSize(image, stored);
    return image;
  }

  /** A picture like the one that a loader of libvips would have made. */
  MemorySegment open(Pixels pixels) throws VipsException {
    MemorySegment bare =
        pictures.keep(vips.newImage(pixels.samples(), pixels.size(), pixels.bands()));
    MemorySegment slot = arena.allocate(ADDRESS);
    vips.call(
        VipsFunction.COPY,
        arena,
        bare,
        slot,
        "interpretation",
        pixels.bands() < 3 ? GREY : SRGB,
        "xres",
        RESOLUTION,
        "yres",
        RESOLUTION);
    MemorySegment image = pictures.keep(slot.get(ADDRESS, 0));
    if (pixels.profile().length > 0) {
      vips.set(image, PROFILE, pixels.profile());
    }
    return image;
  }

  private void requireSize(MemorySegment image, Dimensions stored) throws VipsException {
    Dimensions found = vips.size(image);
    if (!found.equals(stored)) {
      throw new VipsException("the header says %s, libvips %s".formatted(stored, found));
    }
  }
}
