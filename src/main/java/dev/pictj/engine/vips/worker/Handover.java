package dev.pictj.engine.vips.worker;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A folder in which a worker finds the source of the job it has, and can change nothing. The file
 * there is a link to the source, which costs less than sending the bytes; they would be copied
 * three times.
 */
final class Handover implements AutoCloseable {
  /** The smallest source that is linked; fewer bytes are sent as fast as a link is made. */
  private static final long MIN_LINKED_BYTES = 1 << 16;

  private static final String NAME = "source";

  private final Path folder;
  private boolean useless;

  private Handover(Path folder) {
    this.folder = folder;
  }

  /** A new folder for one worker. */
  static Handover in(Path parent) throws EngineException {
    try {
      return new Handover(Files.createTempDirectory(parent.toAbsolutePath(), "sources-"));
    } catch (IOException e) {
      throw new EngineException("could not make a folder in " + parent, e);
    }
  }

  /** The folder that the worker sees. */
  Path folder() {
    return folder;
  }

  /** The link to the source, while one is offered. */
  static Path source(Path folder) {
    return folder.resolve(NAME);
  }

  /**
   * Puts a file there, if that can be done and is worth it.
   *
   * @return false when its bytes have to be sent
   */
  boolean offer(Path file, long length) {
    if (useless || length < MIN_LINKED_BYTES) {
      return false;
    }
    try {
      Files.createLink(source(folder), file);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | UnsupportedOperationException e) {
      // Another disk, another user's file, or a file system without links. So will the next be.
      useless = true;
      return false;
    }
  }

  /** Notes that the worker sees the link but cannot read it; later sources are sent. */
  void refused() {
    useless = true;
  }

  /** Removes the link. */
  void withdraw() throws IOException {
    Files.deleteIfExists(source(folder));
  }

  @Override
  public void close() throws EngineException {
    try {
      withdraw();
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new EngineException("could not remove " + folder, e);
    }
  }
}
