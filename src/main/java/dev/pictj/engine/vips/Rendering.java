package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pictj.codec.jpeg.ShrunkenPlanes;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.nativecode.NativeMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One job: read, lay on white for JPEG, turn, apply the steps, write. Nothing is computed before
 * the writing, which pulls the pixels through row by row; what needs them in another order has them
 * copied to memory first.
 */
final class Rendering {
  /** Values of libvips' enumerations (libvips.org), stable since 8.0. */
  private static final int UCHAR = 0;

  private static final int USHORT = 2;
  private static final int FLOAT = 6;
  private static final int SRGB = 22;
  private static final int GREY = 1;
  private static final int RGB16 = 25;
  private static final int GREY16 = 26;
  private static final int RELATIVE = 1;
  private static final int RINT = 0;
  private static final int PRECISE = 1;
  private static final int HORIZONTAL = 0;
  private static final int VERTICAL = 1;
  private static final int KEEP_PROFILE = 8;

  /** Kernels of resampling. */
  private static final int LINEAR = 1;

  private static final int CUBIC = 2;
  private static final int MITCHELL = 3;
  private static final int LANCZOS2 = 4;
  private static final int LANCZOS3 = 5;

  /** The smallest weight of a Gaussian that is computed: at about three sigma. */
  private static final double MIN_AMPLITUDE = 0.011;

  /** What shrinking and enlarging blurs: 1/6 for a triangle down, and as much for one up. */
  private static final double VARIANCE_OF_COPYING = 1.0 / 3;

  private final LibVips vips;
  private final Job job;
  private final Pictures pictures;
  private final Arena arena;
  private MemorySegment image = MemorySegment.NULL;

  /** Whether there is no profile, or one that says sRGB, which every reader assumes anyway. */
  private boolean srgb;

  /**
   * Prepares a rendering; nothing is read before it is run.
   *
   * @param pictures where all pictures of it go
   * @param arena for small things, and for what codecs make; not closed before the pictures are
   */
  Rendering(LibVips vips, Job job, Pictures pictures, Arena arena) {
    this.vips = vips;
    this.job = job;
    this.pictures = pictures;
    this.arena = arena;
  }

  /** Renders and writes. The source must stay in place until the pictures are closed. */
  void run(MemorySegment source, Sink sink) throws VipsException, IOException {
    Optional<MemorySegment> direct =
        job.planes(ShrunkenPlanes.MAX_BYTES)
            .flatMap(order -> ShrunkenPlanes.of(order, source, pictures::isKilled, arena));
    if (direct.isPresent()) {
      sink.accept(direct.get(), true);
      return;
    }
    load(source);
    work(sink);
  }

  /**
   * Renders without writing.
   *
   * @param opaque whether its fourth band says nothing
   * @return the result, which this has until its pictures are closed
   */
  Pixels paint(Pixels source, boolean opaque) throws VipsException {
    image = loading().open(source);
    recolour();
    if (opaque) {
      apply(VipsFunction.EXTRACT_BAND, 0, "n", 3);
    }
    steps();
    toMemory();
    return new Pixels(vips.size(image), vips.bands(image), vips.memory(image), source.profile());
  }

  /**
   * Renders a source that is being decoded, without writing: on this thread, and one row of the
   * result after another.
   */
  Pixels pull(MemorySegment loaded) throws VipsException {
    image = loaded;
    byte[] profile =
        vips.has(image, Loading.PROFILE) ? vips.get(image, Loading.PROFILE) : new byte[0];
    toSamples();
    steps();
    return pulled(profile);
  }

  /** Converts pixels to sRGB. */
  Pixels inSrgb(Pixels source) throws VipsException {
    image = loading().open(source);
    toSrgb();
    return pulled();
  }

  private Pixels pulled(byte... profile) throws VipsException {
    return new Pixels(vips.size(image), vips.bands(image), vips.pull(image, arena), profile);
  }

  /** Writes a part of what was painted. */
  void save(int x, int y, Dimensions size, Sink sink) throws VipsException, IOException {
    if (!size.equals(vips.size(image))) {
      apply(VipsFunction.EXTRACT_AREA, x, y, size.width(), size.height());
    }
    save(sink);
  }

  /** Renders a source that is decoded already, and shrunk as the job has it. */
  void run(Pixels source, Sink sink) throws VipsException, IOException {
    image = loading().open(source);
    recolour();
    work(sink);
  }

  private void work(Sink sink) throws VipsException, IOException {
    steps();
    save(sink);
  }

  private void steps() throws VipsException {
    if (vips.hasAlpha(image)) {
      if (!job.target().has(MediaType.Trait.ALPHA)) {
        flatten();
      } else if (!job.steps().stream().allMatch(RenderStep::keepsPixels)) {
        // Premultiplied, so that the colour of invisible pixels does not bleed into visible ones.
        apply(VipsFunction.PREMULTIPLY);
      }
    }
    turn();
    for (RenderStep step : job.steps()) {
      switch (step) {
        case RenderStep.Shrink(Dimensions to, Quality quality) -> resize(to, kernel(quality));
        case RenderStep.Crop(Dimensions to, int x, int y) ->
            apply(VipsFunction.EXTRACT_AREA, x, y, to.width(), to.height());
        case RenderStep.Blur blur -> blur(blur);
        case RenderStep.ToSrgb() -> toSrgb();
      }
    }
    backToWhole();
  }

  /** The kernel that comes closest to a filter, by its support and then by its shape. */
  private static int kernel(Quality quality) {
    return switch (quality) {
      case FAST, CAREFUL -> CUBIC;
      case LANCZOS, LANCZOS_SHARP -> LANCZOS3;
      case LANCZOS2, LANCZOS2_SHARP -> LANCZOS2;
      case MITCHELL, ROBIDOUX_SHARP -> MITCHELL;
    };
  }

  private void load(MemorySegment source) throws VipsException {
    image = loading().open(source, job.type(), job.stored(), job.shrinkOnLoad());
    straighten();
    recolour();
    toSamples();
  }

  private void toSamples() throws VipsException {
    boolean grey = vips.bands(image) < 3;
    if (vips.format(image) != samples()) {
      boolean deep = job.encoding().deep();
      apply(VipsFunction.COLOURSPACE, grey ? deep ? GREY16 : GREY : deep ? RGB16 : SRGB);
    }
  }

  /** Neither libheif nor libjxl divides colours that are multiplied by alpha, nor does libvips. */
  private void straighten() throws VipsException {
    if (!job.premultiplied() || !vips.hasAlpha(image)) {
      return;
    }
    int format = vips.format(image);
    double most = format == UCHAR ? 255 : format == USHORT ? 65_535 : 1;
    apply(VipsFunction.UNPREMULTIPLY, "max_alpha", most);
    if (format != FLOAT) {
      apply(VipsFunction.ROUND, RINT);
      apply(VipsFunction.CAST, format);
    }
  }

  private void recolour() throws VipsException {
    Recolouring colours = job.colours();
    switch (colours.change()) {
      case NONE -> {}
      case WITHOUT_PROFILE -> vips.remove(image, Loading.PROFILE);
      case WITH_PROFILE -> vips.set(image, Loading.PROFILE, colours.profile());
      case TO_SRGB -> {
        if (colours.profile().length > 0) {
          vips.set(image, Loading.PROFILE, colours.profile());
        }
        apply(
            VipsFunction.ICC_TRANSFORM,
            "srgb",
            "embedded",
            1,
            "intent",
            RELATIVE,
            "depth",
            vips.format(image) == UCHAR ? 8 : 16);
        vips.remove(image, Loading.PROFILE);
      }
      case WITH_CHUNKS -> throw new VipsException("chunks are written elsewhere");
    }
  }

  /** The format of the numbers that the result is written from. */
  private int samples() {
    return job.encoding().deep() ? USHORT : UCHAR;
  }

  private Loading loading() {
    return new Loading(vips, pictures, arena);
  }

  /** EXIF 2.32, 4.6.4: what must be done to the stored pixels to see them upright. */
  private void turn() throws VipsException {
    Orientation orientation = job.orientation();
    if (orientation == Orientation.UPRIGHT) {
      return;
    }
    toMemory();
    int quarters =
        switch (orientation) {
          case UPRIGHT, MIRRORED, FLIPPED -> 0;
          case TRANSPOSED, QUARTER_TURN -> 1;
          case HALF_TURN -> 2;
          case TRANSVERSED, THREE_QUARTER_TURN -> 3;
        };
    if (quarters > 0) {
      apply(VipsFunction.ROTATE, quarters);
    }
    switch (orientation) {
      case MIRRORED, TRANSPOSED, TRANSVERSED -> apply(VipsFunction.FLIP, HORIZONTAL);
      case FLIPPED -> apply(VipsFunction.FLIP, VERTICAL);
      default -> {}
    }
  }

  private void flatten() throws VipsException {
    MemorySegment white = vips.array(arena, 255);
    try {
      apply(VipsFunction.FLATTEN, "background", white);
    } finally {
      vips.unrefArray(white);
    }
  }

  private void resize(Dimensions to, int kernel) throws VipsException {
    Dimensions from = vips.size(image);
    if (!from.equals(to)) {
      apply(
          VipsFunction.RESIZE,
          (double) to.width() / from.width(),
          "vscale",
          (double) to.height() / from.height(),
          "kernel",
          kernel);
    }
    if (!vips.size(image).equals(to)) {
      throw new VipsException("resizing %s to %s gave %s".formatted(from, to, vips.size(image)));
    }
  }

  private void blur(RenderStep.Blur blur) throws VipsException {
    Dimensions whole = vips.size(image);
    Dimensions copy = blur.copyOf(whole);
    resize(copy, LINEAR);
    toMemory();
    apply(
        VipsFunction.GAUSSIAN_BLUR,
        blur.sigmaOnCopy(whole, VARIANCE_OF_COPYING),
        "min_ampl",
        MIN_AMPLITUDE,
        "precision",
        PRECISE);
    if (!copy.equals(whole)) {
      toMemory();
    }
    resize(whole, LINEAR);
  }

  private void toSrgb() throws VipsException {
    backToWhole();
    if (vips.has(image, Loading.PROFILE)) {
      apply(VipsFunction.ICC_TRANSFORM, "srgb", "embedded", 1);
    }
    if (vips.bands(image) < 3) {
      apply(VipsFunction.COLOURSPACE, SRGB);
    }
    srgb = true;
  }

  /** From whatever numbers the steps have left to those that are written. */
  private void backToWhole() throws VipsException {
    if (vips.format(image) == samples()) {
      return;
    }
    if (vips.hasAlpha(image)) {
      apply(VipsFunction.UNPREMULTIPLY);
    }
    if (vips.format(image) == FLOAT) {
      // A cast alone would cut fractions off.
      apply(VipsFunction.ROUND, RINT);
    }
    apply(VipsFunction.CAST, samples());
  }

  /** Looks at all pixels before they are written, in a copy that admission knows of. */
  private void dropPlainAlpha() throws VipsException {
    if (!job.target().has(MediaType.Trait.COSTLY_ALPHA) || !vips.hasAlpha(image)) {
      return;
    }
    toMemory();
    int bands = vips.bands(image);
    if (isOpaque(vips.memory(image), bands, vips.format(image) == USHORT ? 2 : 1)) {
      apply(VipsFunction.EXTRACT_BAND, 0, "n", bands - 1);
    }
  }

  /** Whether all bytes of the last number of each pixel are 255. */
  private static boolean isOpaque(MemorySegment samples, int bands, int width) {
    for (long at = (bands - 1L) * width; at < samples.byteSize(); at += (long) bands * width) {
      for (int i = 0; i < width; i++) {
        if (samples.get(JAVA_BYTE, at + i) != -1) {
          return false;
        }
      }
    }
    return true;
  }

  private void save(Sink sink) throws VipsException, IOException {
    dropPlainAlpha();
    MemorySegment slot = arena.allocate(ADDRESS);
    MemorySegment length = arena.allocate(JAVA_LONG);
    List<Object> arguments = new ArrayList<>(List.of(image, slot, length));
    VipsFormat format = VipsFormat.of(job.target());
    arguments.addAll(format.saving(job.encoding()));
    boolean profile = !srgb && vips.has(image, Loading.PROFILE);
    // Older ones know all or nothing, and in WebP not even that: they make up some EXIF.
    boolean bare = vips.keepsSelectively() || (!profile && job.target() != MediaType.WEBP);
    if (vips.keepsSelectively()) {
      arguments.addAll(List.of("keep", profile ? KEEP_PROFILE : 0));
    } else {
      arguments.addAll(List.of("strip", profile ? 0 : 1));
    }
    vips.call(format.saver(), arena, arguments.toArray());
    MemorySegment bytes = slot.get(ADDRESS, 0);
    try {
      sink.accept(NativeMemory.bytes(bytes, length.get(JAVA_LONG, 0)), bare);
    } finally {
      vips.free(bytes);
    }
  }

  private void toMemory() throws VipsException {
    image = pictures.keep(vips.copyToMemory(image));
  }

  /** Applies an operation of one input and one output, which then is the picture. */
  private void apply(VipsFunction function, Object... rest) throws VipsException {
    MemorySegment slot = arena.allocate(ADDRESS);
    Object[] arguments = new Object[rest.length + 2];
    arguments[0] = image;
    arguments[1] = slot;
    System.arraycopy(rest, 0, arguments, 2, rest.length);
    vips.call(function, arena, arguments);
    image = pictures.keep(slot.get(ADDRESS, 0));
  }
}
