package dev.pictj.engine.vips;

import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaException;
import java.nio.file.Path;

/** One that may be given bytes which nothing has verified. */
public interface VerifyingWorkshop extends Workshop {
  /**
   * Has a picture decoded whole, and waits for it.
   *
   * @throws VipsException when it is not sound, or nobody knows
   * @throws MediaException {@code TOO_EXPENSIVE} when time ran out
   * @throws InterruptedException when this thread is interrupted; the work has stopped by then
   */
  void inspect(Check check, Path source)
      throws VipsException, MediaException, EngineException, InterruptedException;
}
