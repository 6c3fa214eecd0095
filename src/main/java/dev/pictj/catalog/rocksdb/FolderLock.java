package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * RocksDB's lock on a folder, for what is done there without RocksDB or while it only reads, when
 * it takes none: that would neither notice a running server nor keep one from starting.
 */
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes it. A catalog that was never opened has no lock file, and needs no lock.
   *
   * @throws CatalogException when a server runs there
   */
  static FolderLock take(CatalogFolder folder) {
    Path file = folder.path().resolve("LOCK");
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
    throw inUse(null);
  }

  /** What is said to whoever finds a running server there. */
  static CatalogException inUse(Exception cause) {
    return new CatalogException(
        "the data folder is in use by another running pictj; stop that one first", cause);
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
