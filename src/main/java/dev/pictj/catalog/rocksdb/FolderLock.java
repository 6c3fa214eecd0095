package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * RocksDB's lock on a folder, for what is done there without RocksDB or while it only reads, when
 * it takes none: that would neither notice a running server nor keep one from starting.
 */
final class FolderLock implements AutoCloseable {
  private static final String NAME = "LOCK";

  private final @Nullable FileChannel channel;

  private FolderLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock. A catalog that was never opened has no lock file, and needs no lock.
   *
   * @throws CatalogException when a server runs there
   */
  static FolderLock take(CatalogFolder folder) {
    Path file = folder.path().resolve(NAME);
    if (!Files.exists(file)) {
      return new FolderLock(null);
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      boolean locked = false;
      try {
        locked = channel.tryLock() != null;
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      if (locked) {
        return new FolderLock(channel);
      }
    } catch (AccessDeniedException e) {
      throw new CatalogException(
          "no permission to lock the catalog with %s, which belongs to another user than %s; see chown -R"
              .formatted(file, System.getProperty("user.name")),
          e);
    } catch (IOException e) {
      throw new CatalogException("cannot lock the catalog: " + e.getMessage(), e);
    }
    throw inUse(folder, null);
  }

  /** The message where another process, such as a running server, has the lock. */
  static CatalogException inUse(CatalogFolder folder, @Nullable Exception cause) {
    return new CatalogException(
        "the data folder %s is in use by another running pictj%s; stop that one first"
            .formatted(
                folder.path().toAbsolutePath().getParent(),
                holder(folder.path().resolve(NAME)).map(" (process %s)"::formatted).orElse("")),
        cause);
  }

  /** The process that has locked a file, where the kernel tells, as proc_locks(5) describes. */
  private static Optional<String> holder(Path file) {
    try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
      String inode = ":" + Files.getAttribute(file, "unix:ino");
      return locks
          .map(line -> line.split(" +", -1))
          .filter(fields -> fields.length > 5 && fields[5].endsWith(inode))
          // A process in another container has no id here.
          .map(fields -> fields[4])
          .filter(process -> process.matches("[1-9]\\d*"))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new CatalogException("cannot let go of the catalog's lock", e);
      }
    }
  }
}
