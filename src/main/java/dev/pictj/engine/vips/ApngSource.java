package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.pictj.engine.motion.AnimatedPng;
import dev.pictj.engine.motion.AnimatedPng.Disposal;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.nativecode.NativeMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An animated PNG, each frame decoded by libvips as a PNG of its own, with 8 bits. */
final class ApngSource implements AnimationSource {
  private static final int SRGB = 22;
  private static final int UCHAR = 0;

  private final LibVips vips;
  private final AnimatedPng animation;
  private final Canvas canvas;
  private AnimatedPng.@Nullable Frame last;
  private int next;

  private ApngSource(LibVips vips, AnimatedPng animation) throws VipsException {
    this.vips = vips;
    this.animation = animation;
    this.canvas = new Canvas(animation.canvas());
  }

  /** Opens one; empty where it is a still. */
  static Optional<AnimationSource> of(LibVips vips, MemorySegment source, Dimensions canvas)
      throws IOException, MediaException, VipsException {
    Optional<AnimatedPng> animation = AnimatedPng.of(source.asByteBuffer());
    if (animation.isEmpty()) {
      return Optional.empty();
    }
    if (!animation.get().canvas().equals(canvas)) {
      throw new VipsException("the header says %s".formatted(animation.get().canvas()));
    }
    return Optional.of(new ApngSource(vips, animation.get()));
  }

  @Override
  public int frames() {
    return animation.frames().size();
  }

  @Override
  public int plays() {
    return animation.plays();
  }

  /** The profile only: the server reads everything else that the file says of its colours. */
  @Override
  public byte[] profile() {
    return animation.profile();
  }

  @Override
  public boolean isTransparent() {
    return animation.isTransparent();
  }

  @Override
  public int milliseconds() {
    return animation.frames().get(next - 1).milliseconds();
  }

  @Override
  public MemorySegment next() throws VipsException {
    if (next == animation.frames().size()) {
      throw new VipsException("it has %d frames".formatted(next));
    }
    if (last != null && last.disposal() == Disposal.BACKGROUND) {
      canvas.clear(last.x(), last.y(), last.size());
    } else if (last != null && last.disposal() == Disposal.PREVIOUS) {
      canvas.restore();
    }
    AnimatedPng.Frame frame = animation.frames().get(next++);
    if (frame.disposal() == Disposal.PREVIOUS) {
      canvas.keep();
    }
    try (Arena arena = Arena.ofConfined();
        Pictures pictures = new Pictures(vips)) {
      canvas.lay(
          frame.x(), frame.y(), frame.size(), decoded(frame, pictures, arena), frame.overwrites());
    }
    last = frame;
    return canvas.pixels();
  }

  private MemorySegment decoded(AnimatedPng.Frame frame, Pictures pictures, Arena arena)
      throws VipsException {
    MemorySegment still =
        NativeMemory.allocate(frame.length(), arena)
            .orElseThrow(() -> new VipsException("no memory for a frame"));
    frame.still(still.asByteBuffer());
    MemorySegment image =
        new Loading(vips, pictures, arena).open(still, MediaType.PNG, frame.size(), 1);
    MemorySegment slot = arena.allocate(ADDRESS);
    vips.call(VipsFunction.COLOURSPACE, arena, image, slot, SRGB);
    image = pictures.keep(slot.get(ADDRESS, 0));
    if (!vips.hasAlpha(image)) {
      vips.call(VipsFunction.ADD_ALPHA, arena, image, slot);
      image = pictures.keep(slot.get(ADDRESS, 0));
    }
    if (vips.format(image) != UCHAR) {
      vips.call(VipsFunction.CAST, arena, image, slot, UCHAR);
      image = pictures.keep(slot.get(ADDRESS, 0));
    }
    image = pictures.keep(vips.copyToMemory(image));
    return vips.memory(image);
  }

  @Override
  public void close() {
    canvas.close();
  }
}
