package dev.pictj.codec.jpeg;

import dev.pictj.media.JpegSegments;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes a smaller JPEG of a JPEG: luma and chroma are scaled as the file has them, and are never
 * converted to RGB. The calling thread does all of it. Unusual files are left to other decoders.
 */
public final class ShrunkenPlanes {
  /** The most memory for all planes and the result, which have to be in memory whole. */
  public static final long MAX_BYTES = 64 << 20;

  /** The variable that TurboJPEG 2 asks whether to write small files, which has to be 1. */
  public static final String OPTIMISING_VARIABLE = LibTurboJpeg.OPTIMISING_VARIABLE;

  /**
   * Beside its samples, the encoder keeps coefficients of two bytes until it has made the codes.
   */
  private static final int BYTES_PER_RESULT_SAMPLE = 1 + 2;

  /** APP0 is first (JFIF 1.02), and has a size that does not depend on anything. */
  private static final long APP0_END = 20;

  private final LibTurboJpeg coder;
  private final LibSwscale scaler;
  private final PlaneOrder order;
  private final BooleanSupplier stopped;

  private ShrunkenPlanes(
      LibTurboJpeg coder, LibSwscale scaler, PlaneOrder order, BooleanSupplier stopped) {
    this.coder = coder;
    this.scaler = scaler;
    this.order = order;
    this.stopped = stopped;
  }

  /** The names of the libraries for this that are installed. */
  public static List<String> libraries() {
    List<String> names = new ArrayList<>();
    LibTurboJpeg.installed().ifPresent(_ -> names.add("TurboJPEG"));
    LibSwscale.installed().ifPresent(_ -> names.add("libswscale"));
    return names;
  }

  /**
   * The result of an order: a colour profile and pixels, nothing else.
   *
   * @param stopped asked between two steps whether to give up
   * @param arena has the result
   * @return empty where another decoder shall do it
   */
  public static Optional<MemorySegment> of(
      PlaneOrder order, MemorySegment source, BooleanSupplier stopped, Arena arena) {
    return LibTurboJpeg.installed()
        .flatMap(
            coder ->
                LibSwscale.installed()
                    .map(scaler -> new ShrunkenPlanes(coder, scaler, order, stopped)))
        .flatMap(one -> JpegHead.of(source).flatMap(head -> one.shrunken(source, head, arena)));
  }

  private Optional<MemorySegment> shrunken(MemorySegment source, JpegHead head, Arena arena) {
    ChromaSampling before = head.sampling();
    ChromaSampling after = order.sampling(before);
    return PlaneScaling.of(order, before, after)
        .filter(
            scaling ->
                YcbcrPlanes.bytes(scaling.room(), before)
                        + BYTES_PER_RESULT_SAMPLE * YcbcrPlanes.bytes(scaling.made(), after)
                    <= order.maxBytes())
        .flatMap(
            scaling -> {
              // Gone before another decoder needs the memory, where it comes to that.
              try (Arena planes = Arena.ofConfined()) {
                return scaled(source, scaling, before, after, planes)
                    .map(made -> made.part(order.to()))
                    .flatMap(made -> coder.encode(made, order.quality(), arena))
                    .map(jpeg -> withProfile(jpeg, head, arena));
              }
            });
  }

  private Optional<YcbcrPlanes> scaled(
      MemorySegment source,
      PlaneScaling scaling,
      ChromaSampling before,
      ChromaSampling after,
      Arena planes) {
    Optional<YcbcrPlanes> from =
        YcbcrPlanes.allocate(scaling.room(), before, planes)
            .filter(room -> coder.decode(source, order.stored(), room.part(scaling.decoded())));
    if (from.isEmpty() || stopped.getAsBoolean()) {
      return Optional.empty();
    }
    from.get().fillAround(scaling.seen());
    return YcbcrPlanes.allocate(scaling.made(), after, planes)
        .filter(made -> scaler.scale(from.get().part(scaling.taken()), made))
        .filter(_ -> !stopped.getAsBoolean());
  }

  private static MemorySegment withProfile(MemorySegment jpeg, JpegHead head, Arena arena) {
    if (head.profile().isEmpty()) {
      return jpeg;
    }
    ByteArrayOutputStream segments = new ByteArrayOutputStream();
    for (byte[] part : head.profile()) {
      segments.writeBytes(JpegSegments.bytes(JpegSegments.APP2, part));
    }
    MemorySegment profile = MemorySegment.ofArray(segments.toByteArray());
    MemorySegment rest = jpeg.asSlice(APP0_END);
    MemorySegment whole = arena.allocate(jpeg.byteSize() + profile.byteSize());
    whole.copyFrom(jpeg.asSlice(0, APP0_END));
    whole.asSlice(APP0_END).copyFrom(profile);
    whole.asSlice(APP0_END + profile.byteSize()).copyFrom(rest);
    return whole;
  }
}
