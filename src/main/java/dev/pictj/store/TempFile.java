package dev.pictj.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that lives no longer than a scope, unless it was moved to where it stays. */
public final class TempFile implements Closeable {
  private final Path path;

  TempFile(Path path) {
    this.path = path;
  }

  /** Where it is, or will be once somebody writes it. */
  public Path path() {
    return path;
  }

  /**
   * Gives it the content of a file that nobody changes any more. Costs nothing where the file
   * system can link.
   */
  public void become(Path source) throws IOException {
    try {
      Files.createLink(path, source);
    } catch (UnsupportedOperationException | IOException _) {
      Files.copy(source, path);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
