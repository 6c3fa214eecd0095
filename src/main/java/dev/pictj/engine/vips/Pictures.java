package dev.pictj.engine.vips;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The pictures of one job. They live until it ends, so that another thread can stop the work on all
 * of them at any time.
 */
final class Pictures implements AutoCloseable {
  private final LibVips vips;
  private final List<MemorySegment> images = new ArrayList<>();
  private boolean killed;

  Pictures(LibVips vips) {
    this.vips = vips;
  }

  /** Owns a picture from now on. */
  synchronized MemorySegment keep(MemorySegment image) {
    images.add(image);
    if (killed) {
      vips.kill(image);
    }
    return image;
  }

  /** Lets every computation fail soon. May be called again, from any thread. */
  synchronized void kill() {
    killed = true;
    images.forEach(vips::kill);
  }

  /** Whether {@link #kill} was called. */
  synchronized boolean isKilled() {
    return killed;
  }

  @Override
  public synchronized void close() {
    images.reversed().forEach(vips::unref);
    images.clear();
  }
}
