package dev.pictj.catalog.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a catalog lies, and what its administrator has allowed.
 *
 * @param path of the folder that RocksDB has for itself
 * @param acceptLoss whether to start although rows may have been lost, with those that are left
 * @param groupAccess whether the folder's group may read it; others never may
 */
public record CatalogFolder(Path path, boolean acceptLoss, boolean groupAccess) {
  /** A folder in which nothing may be lost and that is for its owner alone. */
  public CatalogFolder(Path path) {
    this(path, false, false);
  }

  /** Whether RocksDB has written into it: what is beside these files is ours or nobody's. */
  boolean holdsData() throws IOException {
    return !files(".sst").isEmpty() || !files(".log").isEmpty();
  }

  /** RocksDB's files with this ending, oldest first: their names are numbers of equal length. */
  List<Path> files(String ending) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /**
   * Keeps others out of the folder, whatever the umask. RocksDB makes new files as the umask says,
   * so the folder itself is the door; the files that are there are closed as well.
   */
  void protect() throws IOException {
    protect(path, groupAccess ? "rwxr-x---" : "rwx------");
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        protect(file, groupAccess ? "rw-r-----" : "rw-------");
      }
    }
  }

  private static void protect(Path file, String permissions) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      try {
        view.setPermissions(PosixFilePermissions.fromString(permissions));
      } catch (NoSuchFileException _) {
        // RocksDB removes files when it likes.
      }
    }
  }
}
