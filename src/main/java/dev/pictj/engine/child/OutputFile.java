package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that appears under its name whole or not at all: written beside it, then renamed. Closing
 * without {@link #keep} removes what was written.
 */
public final class OutputFile implements AutoCloseable {
  private final Path target;
  private final Path unfinished;

  /** Reserves a name beside the target, in the same folder so that the rename is atomic. */
  public OutputFile(Path target) throws EngineException {
    this.target = target.toAbsolutePath();
    try {
      this.unfinished = Files.createTempFile(this.target.getParent(), "part-", ".tmp");
    } catch (IOException e) {
      throw new EngineException("could not create a file beside " + target, e);
    }
  }

  /** Where the tool writes; an empty file exists there. */
  public Path unfinished() {
    return unfinished;
  }

  /** Whether the tool wrote anything. */
  public boolean isWritten() throws EngineException {
    try {
      return Files.size(unfinished) > 0;
    } catch (IOException e) {
      throw new EngineException("could not look at " + unfinished, e);
    }
  }

  /**
   * Gives the file its name, replacing an older one.
   *
   * @throws EngineException when nothing was written
   */
  public void keep() throws EngineException {
    try {
      if (!isWritten()) {
        throw new EngineException("a tool reported success but wrote nothing");
      }
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EngineException("could not finish " + target, e);
    }
  }

  @Override
  public void close() throws EngineException {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw new EngineException("could not remove " + unfinished, e);
    }
  }
}
