package dev.pictj.engine.vips;

import dev.pictj.engine.metadata.WebpAnimation;
import dev.pictj.media.Dimensions;
import java.lang.foreign.MemorySegment;

/** An animated WebP, each frame laid on its canvas by libwebp. */
final class WebpSource implements AnimationSource {
  private final WebpAnimation animation;
  private final LibWebpDemux.Canvases canvases;
  private int next;

  WebpSource(MemorySegment source, WebpAnimation animation, Dimensions canvas)
      throws VipsException {
    if (!animation.canvas().equals(canvas)) {
      throw new VipsException("the header says %s".formatted(animation.canvas()));
    }
    this.animation = animation;
    this.canvases = LibWebpDemux.installed().open(source, canvas);
    if (canvases.frames() != animation.frames().size()) {
      canvases.close();
      throw new VipsException("libwebp sees %d frames".formatted(canvases.frames()));
    }
  }

  @Override
  public int frames() {
    return animation.frames().size();
  }

  @Override
  public int plays() {
    return animation.loops();
  }

  @Override
  public int background() {
    return animation.background();
  }

  @Override
  public byte[] profile() {
    return animation.profile();
  }

  @Override
  public boolean isTransparent() {
    return !animation.isPlain() || animation.frames().stream().anyMatch(WebpAnimation.Frame::alpha);
  }

  @Override
  public MemorySegment next() throws VipsException {
    next++;
    return canvases.next();
  }

  @Override
  public int milliseconds() {
    return animation.frames().get(next - 1).milliseconds();
  }

  @Override
  public void close() {
    canvases.close();
  }
}
