package dev.pictj.store.file;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Brings what was written to the disk itself, past the cache of the system: fsync(2). */
interface DiskSync {
  /** Syncs by fsync(2). */
  DiskSync KERNEL =
      new DiskSync() {
        @Override
        public void file(Path file) throws IOException {
          sync(file, StandardOpenOption.WRITE);
        }

        @Override
        public void folder(Path folder) throws IOException {
          sync(folder, StandardOpenOption.READ);
        }

        private static void sync(Path path, StandardOpenOption mode) throws IOException {
          try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
          }
        }
      };

  /** Syncs the bytes of a file. */
  void file(Path file) throws IOException;

  /** Syncs the names in a folder. */
  void folder(Path folder) throws IOException;

  /** Syncs the folder in which a path lies. */
  static Path parent(Path path) {
    return requireNonNull(path.getParent());
  }

  /**
   * Renames a file. From one file system to another it is copied, and is whole and on the disk
   * before it has its name.
   *
   * @param unfinished where the copy grows, on the file system of the target
   */
  default void move(Path file, Path target, Path unfinished) throws IOException {
    try {
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    } catch (AtomicMoveNotSupportedException _) {
      // Copied below.
    }
    try {
      Files.copy(
          file,
          unfinished,
          StandardCopyOption.COPY_ATTRIBUTES,
          StandardCopyOption.REPLACE_EXISTING);
      file(unfinished);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    folder(parent(target));
    Files.delete(file);
  }
}
