package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

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
      // Not a temp file, which is for its owner alone: this one stays, and a backup may run as
      // another
      // user.
      this.unfinished =
          Files.createFile(this.target.resolveSibling("part-" + UUID.randomUUID() + ".tmp"));
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
   * Passes when the tool wrote something.
   *
   * @throws EngineException when it did not
   */
  public void requireWritten() throws EngineException {
    if (!isWritten()) {
      throw new EngineException("a tool reported success but wrote nothing");
    }
  }

  /**
   * Gives the file its name, replacing an older one.
   *
   * @throws EngineException when nothing was written
   */
  public void keep() throws EngineException {
    requireWritten();
    try {
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
