package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes a smaller JPEG of a JPEG without libvips: brightness and colour are scaled as the file has
 * them, and never become red, green and blue. All is done on the asking thread, while libvips wakes
 * another for every few rows. That is done to upright pictures of the usual kinds when they are
 * shrunk and nothing else; all others are for libvips.
 */
final class DirectJpeg {
  /** Shorter sides are hardly work, and few rows are where vector instructions differ. */
  private static final int LEAST_SIDE = 16;

  /** Of planes and what is made of them, which have to be in memory whole. */
  static final long MOST_BYTES = 64 << 20;

  /** The encoder keeps coefficients of two bytes until it knows the codes that suit them. */
  private static final int BYTES_OF_A_RESULT = 1 + 2;

  /** APP0 is first (JFIF 1.02), and has a size that does not depend on anything. */
  private static final long AFTER_APP0 = 20;

  private final LibTurboJpeg coder;
  private final LibSwscale scaler;
  private final BooleanSupplier stopped;
  private final long mostBytes;

  /**
   * Ready to do it.
   *
   * @param stopped asked between two steps whether to give up
   * @param mostBytes of memory
   */
  DirectJpeg(LibTurboJpeg coder, LibSwscale scaler, BooleanSupplier stopped, long mostBytes) {
    this.coder = coder;
    this.scaler = scaler;
    this.stopped = stopped;
    this.mostBytes = mostBytes;
  }

  /**
   * The result of a job: a colour profile and pixels, nothing else.
   *
   * @param arena has it
   * @return empty where libvips shall do it
   */
  Optional<MemorySegment> of(Job job, MemorySegment source, Arena arena) {
    if (job.type() != MediaType.JPEG
        || job.target() != MediaType.JPEG
        || job.orientation() != Orientation.UPRIGHT
        || job.steps().size() != 1) {
      return Optional.empty();
    }
    Optional<Dimensions> to =
        ShrinkOnLoad.wanted(job.steps(), job.orientation())
            .filter(size -> Math.min(size.width(), size.height()) >= LEAST_SIDE)
            .filter(size -> size.width() < job.stored().width())
            .filter(size -> size.height() < job.stored().height());
    return to.flatMap(
        size -> JpegHead.of(source).flatMap(head -> shrunken(job, source, head, size, arena)));
  }

  private Optional<MemorySegment> shrunken(
      Job job, MemorySegment source, JpegHead head, Dimensions to, Arena arena) {
    ChromaSampling before = head.sampling();
    ChromaSampling after = sampling(job, before);
    return PlaneScaling.of(job, to, before, after)
        .filter(
            scaling ->
                YcbcrPlanes.bytes(scaling.room(), before)
                        + BYTES_OF_A_RESULT * YcbcrPlanes.bytes(scaling.made(), after)
                    <= mostBytes)
        .flatMap(
            scaling -> {
              // Gone before libvips needs the memory, where it comes to that.
              try (Arena planes = Arena.ofConfined()) {
                return scaled(job, source, scaling, before, after, planes)
                    .map(made -> made.part(to))
                    .flatMap(made -> coder.encode(made, job.encoding().jpegQuality(), arena))
                    .map(jpeg -> withProfile(jpeg, head, arena));
              }
            });
  }

  private Optional<YcbcrPlanes> scaled(
      Job job,
      MemorySegment source,
      PlaneScaling scaling,
      ChromaSampling before,
      ChromaSampling after,
      Arena planes) {
    Optional<YcbcrPlanes> from =
        YcbcrPlanes.allocate(scaling.room(), before, planes)
            .filter(room -> coder.decode(source, job.stored(), room.part(scaling.decoded())));
    if (from.isEmpty() || stopped.getAsBoolean()) {
      return Optional.empty();
    }
    from.get().fillAround(scaling.seen());
    return YcbcrPlanes.allocate(scaling.made(), after, planes)
        .filter(made -> scaler.scale(from.get().part(scaling.taken()), made))
        .filter(_ -> !stopped.getAsBoolean());
  }

  private static ChromaSampling sampling(Job job, ChromaSampling before) {
    if (before == ChromaSampling.GREY) {
      return before;
    }
    return job.keepsQuarterOfColour() ? ChromaSampling.QUARTER : ChromaSampling.WHOLE;
  }

  private static MemorySegment withProfile(MemorySegment jpeg, JpegHead head, Arena arena) {
    if (head.profile().isEmpty()) {
      return jpeg;
    }
    long length = jpeg.byteSize();
    for (MemorySegment part : head.profile()) {
      length += part.byteSize();
    }
    MemorySegment whole = arena.allocate(length);
    MemorySegment.copy(jpeg, JAVA_BYTE, 0, whole, JAVA_BYTE, 0, AFTER_APP0);
    long at = AFTER_APP0;
    for (MemorySegment part : head.profile()) {
      MemorySegment.copy(part, JAVA_BYTE, 0, whole, JAVA_BYTE, at, part.byteSize());
      at += part.byteSize();
    }
    MemorySegment.copy(
        jpeg, JAVA_BYTE, AFTER_APP0, whole, JAVA_BYTE, at, jpeg.byteSize() - AFTER_APP0);
    return whole;
  }
}
