package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.rocksdb.RocksDBException;

/**
 * What a catalog has lost, as far as its files can tell, and the note of it that lies in its folder
 * until an administrator has accepted it. The note is written before RocksDB opens the folder, for
 * that removes what the loss can be seen by.
 */
final class Loss {
  private static final String WAY_OUT =
      " Nothing was thrown away. Put the folder back from a backup; or start once with"
          + " --accept-loss, which keeps what comes before a damage in the log; or move the folder"
          + " away and start with --new-catalog, which keeps every file in lost+found/";

  private Loss() {}

  private static Path note(CatalogFolder folder) {
    return folder.path().resolve("LOSS");
  }

  /** What was noted and is not accepted yet, in words. */
  static Optional<String> noted(CatalogFolder folder) throws IOException {
    return Files.exists(note(folder))
        ? Optional.of(Files.readString(note(folder)).strip())
        : Optional.empty();
  }

  /** Writes it down, and returns when it is on the disk. */
  static void note(CatalogFolder folder, String what) throws IOException {
    Files.writeString(note(folder), what + System.lineSeparator());
    for (Path path : List.of(note(folder), folder.path())) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Forgets what was noted. Returns whether there was anything. */
  static boolean accept(CatalogFolder folder) throws IOException {
    return Files.deleteIfExists(note(folder));
  }

  /** Why a catalog is not opened, and what to do. */
  static CatalogException refusal(CatalogFolder folder, String damage, Exception cause) {
    return new CatalogException(
        "the catalog in %s cannot be used: %s.%s".formatted(folder.path(), damage, WAY_OUT), cause);
  }

  /** How many changes were there when RocksDB would open a folder as it is. */
  @FunctionalInterface
  interface Trial {
    long lastSequence() throws RocksDBException;
  }

  /**
   * Looks at the files of a catalog that is about to be opened.
   *
   * @return what the end of its log has lost, or may have lost, in words
   * @throws CatalogException when changes are missing that the log's end does not explain
   */
  static Optional<String> look(CatalogFolder folder, Trial trial)
      throws IOException, RocksDBException {
    List<Path> logs = folder.files(".log");
    if (logs.isEmpty()) {
      return Optional.empty();
    }
    LogTail tail = LogTail.of(logs.getLast());
    OptionalLong acknowledged = Acknowledged.read(folder);
    long missing = 0;
    if (acknowledged.isPresent() && tail.lastSequence() < acknowledged.getAsLong()) {
      missing = Math.max(0, acknowledged.getAsLong() - trial.lastSequence());
    }
    if (tail.lost() == 0) {
      if (missing > 0) {
        throw refusal(
            folder,
            "the last %d acknowledged changes are missing, as if a file of it were"
                .formatted(missing),
            null);
      }
      return Optional.empty();
    }
    boolean certain = acknowledged.isPresent() && Acknowledged.isOfThisBoot(folder);
    if (missing == 0 && certain) {
      // A write that a kill cut off; nobody was told that it was done.
      return Optional.empty();
    }
    return Optional.of(
        "the last %d bytes of %s (%d bytes) cannot be read, and %s"
            .formatted(
                tail.lost(),
                tail.log().getFileName(),
                tail.length(),
                missing > 0
                    ? missing + " acknowledged changes are missing"
                    : "nothing tells whether what was in them had been acknowledged"));
  }
}
