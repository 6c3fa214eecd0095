package dev.pictj.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** A file that lives no longer than a scope, unless it was moved to where it stays. */
public final class TempFile implements Closeable {
  private final Path path;
  private final Set<PosixFilePermission> usual;

  /** A name, and what a file made under it is permitted; nothing where that is unknown. */
  TempFile(Path path, Set<PosixFilePermission> usual) {
    this.path = path;
    this.usual = usual;
  }

  /** The path of the file, which is there once something has been written to it. */
  public Path path() {
    return path;
  }

  /** Makes the file, to be written. */
  public FileChannel create() throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Gives it the content of a file that nobody changes any more, and that every user may read who
   * may read any file made here. It costs next to nothing where the file system can link.
   */
  public void become(Path source) throws IOException {
    try {
      Files.createLink(path, source);
    } catch (UnsupportedOperationException | IOException _) {
      Files.copy(source, path);
      return;
    }
    // Libraries often make temporary files for their owner alone, but a backup runs as another
    // user.
    if (!usual.isEmpty() && !Files.getPosixFilePermissions(path).equals(usual)) {
      Files.setPosixFilePermissions(path, usual);
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
