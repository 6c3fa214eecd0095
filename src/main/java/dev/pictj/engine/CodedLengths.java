package dev.pictj.engine;

import dev.pictj.media.MediaException;
import dev.pictj.media.Probed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Says how much of the coded pixels of a picture counts; behind that something may hide. */
@FunctionalInterface
public interface CodedLengths {
  /**
   * Decodes a WebP or a JPEG XL that nothing has verified.
   *
   * @param bare without metadata
   * @return what {@link dev.pictj.engine.metadata.MetadataStripper#trim} takes; nothing when the
   *     file is as it should be, or nobody here can tell; empty when its pixels are damaged or odd
   * @throws MediaException {@code TOO_EXPENSIVE} when time ran out
   */
  Optional<List<Long>> of(Path bare, Probed probed)
      throws MediaException, EngineException, InterruptedException;
}
