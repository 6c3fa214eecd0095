package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaException;
import java.nio.file.Path;
import java.util.Optional;

/** A workshop that may be given bytes which nothing has verified. */
public interface VerifyingWorkshop extends Workshop {
  /**
   * Has a picture decoded whole, and waits for it.
   *
   * @return the copy that the check asks for; empty also where none could be made
   * @throws VipsException when it is not sound, or it is not known
   * @throws MediaException {@code TOO_EXPENSIVE} when time ran out
   * @throws InterruptedException when this thread is interrupted; the work has stopped by then
   */
  Optional<Raster> inspect(Check check, Path source)
      throws VipsException, MediaException, EngineException, InterruptedException;
}
