package dev.pictj.engine.vips;

import dev.pictj.engine.metadata.WebpAnimation;
import dev.pictj.engine.motion.AnimatedPng;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Tells animations from stills, and opens them. */
final class Animations {
  private Animations() {}

  /** Whether a file is an animation that is opened here. */
  static boolean isAnimation(MediaType type, MemorySegment source) throws VipsException {
    try {
      return type.has(MediaType.Trait.MOVING)
          || (type == MediaType.WEBP && WebpAnimation.of(source.asByteBuffer()).isPresent());
    } catch (MediaException | IOException e) {
      throw new VipsException("its container is damaged", e);
    }
  }

  /** Whether the first frame is what a reader of stills sees, with all bits that it has. */
  static boolean beginsWithStill(MediaType type, MemorySegment source) throws VipsException {
    try {
      return type == MediaType.APNG
          && AnimatedPng.of(source.asByteBuffer()).filter(AnimatedPng::beginsWithStill).isPresent();
    } catch (MediaException | IOException e) {
      throw new VipsException("its container is damaged", e);
    }
  }

  /**
   * Opens an animation.
   *
   * @param source all of the file; in place until this is closed
   * @param canvas its size, as its header was read
   * @return empty where it is a still
   * @throws VipsException when its container is damaged
   */
  static Optional<AnimationSource> open(
      LibVips vips, MediaType type, Dimensions canvas, MemorySegment source) throws VipsException {
    try {
      return switch (type) {
        case WEBP -> {
          Optional<WebpAnimation> animation = WebpAnimation.of(source.asByteBuffer());
          yield animation.isEmpty()
              ? Optional.empty()
              : Optional.of(new WebpSource(source, animation.get(), canvas));
        }
        case GIF -> Optional.of(new GifSource(source, canvas));
        case APNG -> ApngSource.of(vips, source, canvas);
        default -> Optional.empty();
      };
    } catch (MediaException | IOException e) {
      throw new VipsException("its container is damaged", e);
    }
  }
}
