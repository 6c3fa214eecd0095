package dev.pictj.catalog.rocksdb;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** A folder in which nothing may be lost and that is for its owner alone. */
  public CatalogFolder(Path path) {
    this(path, false, false);
  }

  /** Whether RocksDB has written into the folder: then no other program has files there. */
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
    for (Path file : files("")) {
      if (Files.isRegularFile(file)) {
        protect(file, groupAccess ? "rw-r-----" : "rw-------");
      }
    }
  }

  /** Does {@link #copy} into a new folder beside this one. */
  Path copyAside(Instant now) throws IOException {
    Path whole = path.toAbsolutePath().normalize();
    return copy(whole.resolveSibling(whole.getFileName() + "-before-loss-" + STAMP.format(now)));
  }

  /**
   * Copies the folder into a new one, for its owner alone; tables, which are never written twice,
   * are linked where the file system can. Returns when all is on the disk.
   */
  Path copy(Path copy) throws IOException {
    Files.createDirectory(copy);
    protect(copy, "rwx------");
    for (Path file : files("")) {
      Path to = copy.resolve(file.getFileName());
      if (!file.toString().endsWith(".sst") || !link(file, to)) {
        Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
      }
      sync(to);
    }
    sync(copy);
    sync(requireNonNull(copy.getParent()));
    return copy;
  }

  private static boolean link(Path file, Path to) {
    try {
      Files.createLink(to, file);
      return true;
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  /** Returns when a file's bytes, or a folder's names, are on the disk. */
  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void protect(Path file, String permissions) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      try {
        view.setPermissions(PosixFilePermissions.fromString(permissions));
      } catch (NoSuchFileException _) {
        // RocksDB may have removed the file meanwhile.
      }
    }
  }
}
