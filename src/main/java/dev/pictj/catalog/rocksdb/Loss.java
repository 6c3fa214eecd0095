package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog has lost, as far as its files can tell, and the note of it that lies in its folder
 * until an administrator has accepted it. The note is written before RocksDB opens the folder, for
 * that removes what the loss can be seen by.
 */
final class Loss {
  private static final String NEW_CATALOG_ADVICE =
      "move the folder away and start once with --new-catalog, which keeps every file in"
          + " lost+found/ and begins with nothing";

  private static final Pattern NATIVE_PATH = Pattern.compile("\\S*/(\\S+)");

  private Loss() {}

  private static Path note(CatalogFolder folder) {
    return folder.path().resolve("LOSS");
  }

  /** The note of a loss that is not accepted yet. */
  static Optional<String> noted(CatalogFolder folder) throws IOException {
    return Files.exists(note(folder))
        ? Optional.of(Files.readString(note(folder)).strip())
        : Optional.empty();
  }

  /** Writes the note, and returns when it is on the disk. */
  static void note(CatalogFolder folder, String what) throws IOException {
    Files.writeString(note(folder), what + System.lineSeparator());
    CatalogFolder.sync(note(folder));
    CatalogFolder.sync(folder.path());
  }

  /** Deletes the note. Returns whether there was one. */
  static boolean accept(CatalogFolder folder) throws IOException {
    return Files.deleteIfExists(note(folder));
  }

  /** Why a catalog is not opened of which the beginning of its log can be kept, and what to do. */
  static CatalogException refusal(CatalogFolder folder, String damage, @Nullable Exception cause) {
    return new CatalogException(
        ("the catalog in %s cannot be used: %s. Nothing was changed. Put the folder back from a"
                + " backup; or start once with --accept-loss, which copies the folder aside and"
                + " keeps what comes before the damage in the log; or %s")
            .formatted(folder.path(), damage, NEW_CATALOG_ADVICE),
        cause);
  }

  /** Why a catalog is not used at all, and what to do. */
  static CatalogException damage(CatalogFolder folder, String damage, @Nullable Exception cause) {
    return new CatalogException(
        "the catalog in %s is damaged: %s. %s".formatted(folder.path(), damage, mending()), cause);
  }

  /** Refuses a catalog that a later version has written. */
  static CatalogException tooNew(String why) {
    return new CatalogException(
        "the catalog %s: use the newer pictj that wrote it, or put back a backup from before the upgrade"
            .formatted(why));
  }

  /** What to do with a catalog that is damaged elsewhere than in its log. */
  static String mending() {
    return "With no pictj running, put the folder back from a backup, or " + NEW_CATALOG_ADVICE;
  }

  /** What RocksDB says, in one line and without the folders, which may be those of a shadow. */
  static String sentence(@Nullable String message) {
    return NATIVE_PATH.matcher(String.valueOf(message)).replaceAll("$1").replaceAll("\\s+", " ");
  }

  /**
   * Looks at the files of a catalog that is about to be opened.
   *
   * @param lastSequence how many changes are there when RocksDB opens the folder as it is
   * @return what the end of its log has lost, or may have lost, in words
   * @throws CatalogException when changes are missing that the log's end does not explain
   */
  static Optional<String> look(CatalogFolder folder, long lastSequence) throws IOException {
    List<Path> logs = folder.files(".log");
    if (logs.isEmpty()) {
      return Optional.empty();
    }
    LogTail tail = LogTail.of(logs.getLast());
    OptionalLong acknowledged = Acknowledged.read(folder);
    long missing = 0;
    if (acknowledged.isPresent() && tail.lastSequence() < acknowledged.getAsLong()) {
      missing = Math.max(0, acknowledged.getAsLong() - lastSequence);
    }
    if (tail.lost() == 0) {
      if (missing == 0) {
        return Optional.empty();
      }
      String what =
          "the last %d acknowledged changes are missing, as if a file of it were or its log were"
              + " cut";
      if (folder.acceptLoss()) {
        return Optional.of(what.formatted(missing));
      }
      throw refusal(folder, what.formatted(missing), null);
    }
    boolean certain = acknowledged.isPresent() && Acknowledged.isOfThisBoot(folder);
    if (missing == 0 && certain) {
      // A kill cut this write off, so it was not acknowledged.
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
