package dev.pictj.engine.motion;

import dev.pictj.media.Dimensions;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Puts an animation together of pictures, each of which is a file of its own. */
public interface AnimationBuilder {
  /**
   * Adds a frame.
   *
   * @param x of its left edge, even
   * @param y of its upper edge, even
   * @param milliseconds that it is shown
   * @param still a file of nothing but this picture, in the format of the animation; copied
   */
  void add(int x, int y, Dimensions part, int milliseconds, ByteBuffer still) throws IOException;

  /** Returns the whole file; called once, after the last frame. */
  ByteBuffer build() throws IOException;
}
