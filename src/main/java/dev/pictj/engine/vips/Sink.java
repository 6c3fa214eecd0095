package dev.pictj.engine.vips;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** What takes the bytes of a result, which are gone when it returns. */
@FunctionalInterface
public interface Sink {
  /**
   * Takes them.
   *
   * @param bare whether nothing but pixels and a colour profile is in them
   */
  void accept(MemorySegment bytes, boolean bare) throws IOException;
}
