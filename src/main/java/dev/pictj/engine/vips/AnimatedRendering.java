package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;

import dev.pictj.engine.metadata.WebpAnimation;
import dev.pictj.engine.motion.AnimationBuilder;
import dev.pictj.engine.motion.ApngBuilder;
import dev.pictj.engine.motion.GifBuilder;
import dev.pictj.media.Dimensions;
import dev.pictj.nativecode.NativeMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Renders an animation: each frame is laid on the canvas, libvips does to the canvas what it would
 * do to a still, and what has changed since the frame before is written, under the times that the
 * source has. One canvas is held at a time, and none of it is seen by its neighbours.
 */
final class AnimatedRendering {
  private static final ValueLayout.OfLong TWO_PIXELS =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long OPAQUE = 0xFF00_0000_FF00_0000L;

  private final LibVips vips;
  private final Job job;
  private final Pictures pictures;
  private final MemorySegment file;

  AnimatedRendering(LibVips vips, Job job, Pictures pictures, MemorySegment file) {
    this.vips = vips;
    this.job = job;
    this.pictures = pictures;
    this.file = file;
  }

  private AnimationSource open() throws VipsException {
    return Animations.open(vips, job.type(), job.stored(), file)
        .orElseThrow(() -> new VipsException("it is no animation"));
  }

  /** The first frame on the canvas; the others are not decoded. */
  Pixels first(Arena arena) throws VipsException {
    try (AnimationSource source = open()) {
      MemorySegment canvas = source.next();
      MemorySegment copy =
          NativeMemory.allocate(canvas.byteSize(), arena)
              .orElseThrow(() -> new VipsException("no memory for a canvas"));
      return new Pixels(job.stored(), 4, copy.copyFrom(canvas), source.profile());
    }
  }

  /** Renders all frames, and writes the animation. */
  void all(Sink sink) throws VipsException, IOException {
    boolean opaque = !isTransparent();
    AnimationBuilder result = null;
    Pixels before = null;
    try (Arena memory = Arena.ofConfined();
        AnimationSource source = open()) {
      if (source.frames() != job.frames()) {
        throw new VipsException("it has %d frames".formatted(source.frames()));
      }
      for (int i = 0; i < job.frames(); i++) {
        MemorySegment canvas = source.next();
        try (Arena arena = Arena.ofConfined()) {
          Rendering rendering = new Rendering(vips, job, pictures, arena);
          Pixels pixels = shrunken(canvas, source.profile(), arena);
          Pixels now = rendering.paint(pixels, opaque || isPlain(pixels.samples()));
          if (result == null) {
            result = builder(now.size(), source, opaque, memory);
          }
          Part part =
              before == null || (job.clearsFrames() && !opaque)
                  ? Part.all(now)
                  : Part.changed(before, now);
          AnimationBuilder built = result;
          int milliseconds = source.milliseconds();
          rendering.save(
              part.x(),
              part.y(),
              part.size(),
              (bytes, _) ->
                  built.add(part.x(), part.y(), part.size(), milliseconds, bytes.asByteBuffer()));
          before = copy(now, before, memory);
        } finally {
          pictures.close();
        }
        if (pictures.isKilled()) {
          throw new VipsException("stopped");
        }
      }
      // Worker processes have a small heap, so no array is made of the result.
      sink.accept(MemorySegment.ofBuffer(requireNonNull(result).build()), true);
    }
  }

  private AnimationBuilder builder(
      Dimensions size, AnimationSource source, boolean opaque, Arena memory) {
    IntFunction<ByteBuffer> allocate = length -> memory.allocate(length).asByteBuffer();
    return switch (job.target()) {
      case WEBP ->
          new WebpAnimation.Builder(
              size, source.background(), source.plays(), source.profile(), allocate);
      case GIF -> new GifBuilder(size, source.plays(), !opaque, allocate);
      case APNG -> new ApngBuilder(size, source.plays(), allocate);
      default -> throw new IllegalArgumentException("no animation: " + job);
    };
  }

  /**
   * Whether any pixel is transparent at any time, which must be known before the first frame is
   * written, where all frames have the same kind of pixels.
   */
  private boolean isTransparent() throws VipsException {
    if (!job.needsKindOfPixels()) {
      return true;
    }
    try (AnimationSource source = open()) {
      if (!source.isTransparent()) {
        return false;
      }
      for (int i = 0; i < source.frames(); i++) {
        if (!isOpaque(source.next())) {
          return true;
        }
        if (pictures.isKilled()) {
          throw new VipsException("stopped");
        }
      }
      return false;
    }
  }

  private boolean isPlain(MemorySegment rgba) {
    return !job.needsKindOfPixels() && isOpaque(rgba);
  }

  /** What the decoder of a still would make of it. */
  private Pixels shrunken(MemorySegment canvas, byte[] profile, Arena arena) throws VipsException {
    Pixels pixels = new Pixels(job.stored(), 4, canvas, profile);
    Dimensions size = job.loadedWebp();
    return size.equals(pixels.size())
        ? pixels
        : LibWebp.installed()
            .flatMap(library -> library.shrink(pixels, size, arena))
            .orElseThrow(() -> new VipsException("libwebp cannot shrink a frame"));
  }

  private static boolean isOpaque(MemorySegment rgba) {
    long end = rgba.byteSize() - Long.BYTES;
    // The last two, or where there is but one, which is not worth it.
    long all = end < 0 ? 0 : rgba.get(TWO_PIXELS, end);
    for (long at = 0; at < end; at += Long.BYTES) {
      all &= rgba.get(TWO_PIXELS, at);
    }
    return (all & OPAQUE) == OPAQUE;
  }

  /** A copy that is not overwritten, in the memory of the frame before if it fits there. */
  private static Pixels copy(Pixels frame, @Nullable Pixels before, Arena memory) {
    MemorySegment from = frame.samples();
    MemorySegment to =
        before != null && before.samples().byteSize() == from.byteSize()
            ? before.samples()
            : memory.allocate(from.byteSize());
    return new Pixels(frame.size(), frame.bands(), to.copyFrom(from), frame.profile());
  }

  private static MemorySegment row(Pixels frame, int y) {
    long length = (long) frame.size().width() * frame.bands();
    return frame.samples().asSlice(y * length, length);
  }

  /** A rectangle of a frame, at an even place. */
  private record Part(int x, int y, Dimensions size) {
    private static Part all(Pixels frame) {
      return new Part(0, 0, frame.size());
    }

    /** What differs; a pixel where nothing does, for every frame has its time. */
    private static Part changed(Pixels before, Pixels now) {
      if (before.bands() != now.bands()) {
        return all(now);
      }
      int left = now.size().width();
      int right = 0;
      int top = -1;
      int bottom = 0;
      for (int y = 0; y < now.size().height(); y++) {
        MemorySegment was = row(before, y);
        MemorySegment is = row(now, y);
        long first = is.mismatch(was);
        if (first >= 0) {
          top = top < 0 ? y : top;
          bottom = y + 1;
          left = Math.min(left, (int) (first / now.bands()));
          long last = is.byteSize() - 1;
          while (is.get(JAVA_BYTE, last) == was.get(JAVA_BYTE, last)) {
            last--;
          }
          right = Math.max(right, (int) (last / now.bands()) + 1);
        }
      }
      if (top < 0) {
        return new Part(0, 0, new Dimensions(1, 1));
      }
      int x = left & ~1;
      int y = top & ~1;
      return new Part(x, y, new Dimensions(right - x, bottom - y));
    }
  }
}
