package dev.pictj.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.UUID;

/**
 * The folder for unfinished files. It is emptied when it is opened, because nothing uses what a
 * crash has left there.
 */
public final class TempFolder {
  private final Path folder;
  private final Set<PosixFilePermission> usual;

  private TempFolder(Path folder, Set<PosixFilePermission> usual) {
    this.folder = folder;
    this.usual = usual;
  }

  /**
   * Makes the folder or empties it.
   *
   * @param folder owned by one running server
   */
  public static TempFolder open(Path folder) throws IOException {
    Files.createDirectories(folder);
    empty(folder);
    return new TempFolder(folder, permissions(folder));
  }

  /**
   * What the system permits for new files here, as the process was started. Nothing where there are
   * no such permissions, and on a disk that takes no file, which is not found out here.
   */
  private static Set<PosixFilePermission> permissions(Path folder) throws IOException {
    Path file = folder.resolve("permissions-" + UUID.randomUUID());
    try {
      return Files.getPosixFilePermissions(Files.createFile(file));
    } catch (UnsupportedOperationException | IOException _) {
      return Set.of();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** The folder itself. */
  public Path path() {
    return folder;
  }

  /** A name that no file has yet; the file is deleted when this is closed, if it is still there. */
  public TempFile next(String purpose) {
    return new TempFile(folder.resolve(purpose + "-" + UUID.randomUUID()), usual);
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
