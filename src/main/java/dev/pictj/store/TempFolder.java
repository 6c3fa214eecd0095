package dev.pictj.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/**
 * The folder for files that are on their way. Emptied when it is opened, because what a crash left
 * is nobody's.
 */
public final class TempFolder {
  private final Path folder;

  private TempFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the folder or empties it.
   *
   * @param folder owned by one running server
   */
  public static TempFolder open(Path folder) throws IOException {
    Files.createDirectories(folder);
    empty(folder);
    return new TempFolder(folder);
  }

  /** The folder itself. */
  public Path path() {
    return folder;
  }

  /** A name that no file has yet; the file is deleted when this is closed, if it is still there. */
  public TempFile next(String purpose) {
    return new TempFile(folder.resolve(purpose + "-" + UUID.randomUUID()));
  }

  /** Removes a folder and everything in it; links inside are removed, not followed. */
  public static void remove(Path folder) throws IOException {
    empty(folder);
    Files.deleteIfExists(folder);
  }

  private static void empty(Path folder) throws IOException {
    // A link to a folder elsewhere is followed; the links inside are not.
    Path real = folder.toRealPath();
    Files.walkFileTree(
        real,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            if (!visited.equals(real)) {
              Files.deleteIfExists(visited);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
