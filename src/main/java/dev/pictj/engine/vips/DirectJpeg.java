package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Makes a smaller JPEG of a JPEG without libvips: brightness and colour are scaled as the file has
 * them, and never become red, green and blue. All is done on the asking thread, while libvips wakes
 * another for every few rows. That is done to upright pictures of the usual kinds when they are
 * shrunk and nothing else; all others are for libvips.
 */
final class DirectJpeg {
  /**
   * Planes of colour end on a whole number of it, at odd sides half of one beyond the picture. On
   * shorter sides that would be seen.
   */
  private static final int LEAST_SIDE = 64;

  /** Of planes, which have to be in memory whole. */
  private static final long MOST_BYTES = 64 << 20;

  /** APP0 is first (JFIF 1.02), and has a size that does not depend on anything. */
  private static final long AFTER_APP0 = 20;

  private final LibTurboJpeg coder;
  private final LibSwscale scaler;
  private final Arena arena;

  /**
   * Ready to do it.
   *
   * @param arena has the planes and the result
   */
  DirectJpeg(LibTurboJpeg coder, LibSwscale scaler, Arena arena) {
    this.coder = coder;
    this.scaler = scaler;
    this.arena = arena;
  }

  /**
   * The result of a job: a colour profile and pixels, nothing else.
   *
   * @return empty where libvips shall do it
   */
  Optional<MemorySegment> of(Job job, MemorySegment source) {
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
        size -> JpegHead.of(source).flatMap(head -> shrunken(job, source, head, size)));
  }

  private Optional<MemorySegment> shrunken(
      Job job, MemorySegment source, JpegHead head, Dimensions to) {
    int shrink = job.shrinkOfPlanes(head.sampling());
    Dimensions decoded =
        new Dimensions(
            Math.ceilDiv(job.stored().width(), shrink),
            Math.ceilDiv(job.stored().height(), shrink));
    if (YcbcrPlanes.bytes(decoded, head.sampling()) > MOST_BYTES) {
      return Optional.empty();
    }
    Encoding encoding = job.encoding();
    ChromaSampling sampling = head.sampling();
    if (sampling != ChromaSampling.GREY) {
      JpegTraits traits = new JpegTraits(encoding.jpegQuality(), encoding.jpegChroma());
      sampling = traits.quarterOfColour() ? ChromaSampling.QUARTER : ChromaSampling.WHOLE;
    }
    Optional<YcbcrPlanes> planes = YcbcrPlanes.allocate(decoded, head.sampling(), arena);
    Optional<YcbcrPlanes> result = YcbcrPlanes.allocate(to, sampling, arena);
    if (planes.isEmpty()
        || result.isEmpty()
        || !coder.decode(source, job.stored(), planes.get())
        || !scaler.scale(planes.get(), result.get())) {
      return Optional.empty();
    }
    result.get().stretch();
    return coder
        .encode(result.get(), encoding.jpegQuality(), arena)
        .map(jpeg -> withProfile(jpeg, head));
  }

  private MemorySegment withProfile(MemorySegment jpeg, JpegHead head) {
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
