package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.rocksdb.NativeDatabase.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a catalog's database so that nothing acknowledged is lost in silence.
 *
 * <p>RocksDB alone would open a folder whose CURRENT or newest log is gone as if it were new, make
 * column families anew that a damaged MANIFEST has forgotten, and take the first incomplete record
 * of a log for its end. So the files are looked at first, see {@link Loss} and {@link LogTail}.
 */
final class Opening {
  private static final Logger log = LoggerFactory.getLogger(Opening.class);
  static final String SCHEMA_KEY = "schema";

  private final CatalogFolder folder;
  private final Path temporary;
  private final long cacheBytes;

  /**
   * How to open a catalog.
   *
   * @param temporary where the native library may be unpacked for a moment
   * @param cacheBytes of blocks read; a quarter of it more is for rows that are not written out
   */
  Opening(CatalogFolder folder, Path temporary, long cacheBytes) {
    this.folder = folder;
    this.temporary = temporary;
    this.cacheBytes = cacheBytes;
  }

  CatalogFolder folder() {
    return folder;
  }

  /**
   * Opens a catalog for reading and writing, and makes it where there is none.
   *
   * @throws CatalogException in words for the administrator: in use, damaged
   */
  NativeDatabase forWriting() {
    return inWords(
        "work in",
        () -> {
          Files.createDirectories(folder.path());
          NativeDatabase opened = open();
          try {
            folder.protect();
            return opened;
          } catch (IOException e) {
            opened.close();
            throw e;
          }
        });
  }

  /** Work with the files of a catalog. */
  @FunctionalInterface
  private interface Step<R> {
    R run() throws RocksDBException, IOException;
  }

  private <R> R inWords(String what, Step<R> step) {
    RocksLibrary.load(temporary);
    try {
      return step.run();
    } catch (RocksDBException e) {
      throw inWords(e);
    } catch (IOException e) {
      throw new CatalogException(
          "cannot %s the catalog's folder: %s".formatted(what, e.getMessage()), e);
    }
  }

  private NativeDatabase open() throws RocksDBException, IOException {
    if (!Files.exists(folder.path().resolve("CURRENT")) && !folder.holdsData()) {
      return NativeDatabase.make(folder.path(), temporary, cacheBytes);
    }
    Mode mode;
    try (FolderLock _ = FolderLock.take(folder)) {
      mode = look();
    }
    return open(mode);
  }

  /**
   * Looks at all that is there before RocksDB may change it, and notes or accepts a loss.
   *
   * @return how it can be opened
   * @throws CatalogException when it cannot; then nothing in the folder was changed
   */
  private Mode look() throws RocksDBException, IOException {
    requireSoundBase();
    Mode mode = Mode.STRICT;
    Optional<String> loss;
    try {
      loss = Loss.look(folder, tryOut());
    } catch (RocksDBException e) {
      requireDamageOfLogAlone(e);
      mode = Mode.SALVAGE;
      loss = Optional.of(Loss.sentence(e.getMessage()));
    }
    if (folder.acceptLoss()) {
      accept(loss.isPresent() ? loss : Loss.noted(folder));
    } else if (mode == Mode.SALVAGE) {
      throw Loss.refusal(folder, loss.orElseThrow(), null);
    } else if (loss.isPresent()) {
      Loss.note(folder, loss.get());
    }
    return mode;
  }

  private void accept(Optional<String> loss) throws IOException {
    if (loss.isPresent()) {
      Path copy = folder.copyAside(Instant.now());
      log.warn(
          "accepted with --accept-loss, which can be left out now: {}. The catalog as it was is"
              + " kept in {}",
          loss.get(),
          copy);
      Loss.accept(folder);
    }
  }

  /** Opens a shadow of it and returns how many changes are there; the folder stays as it is. */
  private long tryOut() throws RocksDBException {
    try (NativeDatabase looked = open(Mode.READ_ONLY)) {
      schemaOf(looked);
      return looked.db().getLatestSequenceNumber();
    }
  }

  /** Requires what every row is found by: the name of a MANIFEST, and what should be in it. */
  private void requireSoundBase() throws RocksDBException, IOException {
    if (!Files.exists(folder.path().resolve("CURRENT"))) {
      throw Loss.damage(folder, "its file CURRENT is missing", null);
    }
    requireFamilies();
    Optional<String> log = Acknowledged.missingLog(folder);
    if (log.isPresent()) {
      throw Loss.damage(folder, "its newest log is missing, which was " + log.get(), null);
    }
    Optional<LogTail> manifest = manifest();
    if (manifest.isPresent()
        && manifest.get().lost() > 0
        && Acknowledged.read(folder).isEmpty()
        && !wasNeverWrittenTo()) {
      throw Loss.damage(
          folder,
          "the last %d bytes of its %s cannot be read, and nothing tells what they held"
              .formatted(manifest.get().lost(), manifest.get().log().getFileName()),
          null);
    }
  }

  /** A MANIFEST is written as a log is. */
  private Optional<LogTail> manifest() throws IOException {
    String current =
        Files.readString(folder.path().resolve("CURRENT"), StandardCharsets.ISO_8859_1).strip();
    for (Path manifest : folder.files("")) {
      if (manifest.getFileName().toString().equals(current)) {
        return Optional.of(LogTail.of(manifest));
      }
    }
    return Optional.empty();
  }

  /** Passes where rows can be lost from a log's damage on, and from nowhere else. */
  private void requireDamageOfLogAlone(RocksDBException damage)
      throws RocksDBException, IOException {
    boolean damagedLog = false;
    for (Path file : folder.files(".log")) {
      damagedLog |= LogTail.of(file).lost() > 0;
    }
    if (!damagedLog
        || isInUse(damage)
        || isOutOfSpace(damage)
        || manifest().filter(found -> found.lost() == 0).isEmpty()) {
      throw damage;
    }
    try (NativeDatabase looked = open(Mode.SALVAGE_READ_ONLY)) {
      for (String table : looked.tables()) {
        NativeDatabase.verify(folder.path().resolve(table));
      }
    }
  }

  /** A damaged MANIFEST may have forgotten families, which would then be made anew and empty. */
  private void requireFamilies() throws RocksDBException, IOException {
    List<Family> missing = new ArrayList<>(List.of(Family.values()));
    missing.removeAll(NativeDatabase.present(folder.path()));
    // Where not even the first one is known, RocksDB itself has something to say when it opens.
    if (missing.isEmpty() || missing.contains(Family.DEFAULT) || wasNeverWrittenTo()) {
      return;
    }
    int schema;
    try (NativeDatabase looked = open(Mode.READ_ONLY)) {
      schema = missing.contains(Family.META) ? Integer.MAX_VALUE : schemaOf(looked);
    }
    for (Family family : missing) {
      if (family.since() <= schema) {
        throw Loss.damage(folder, "its MANIFEST does not know the rows of " + family.label(), null);
      }
    }
  }

  private static int schemaOf(NativeDatabase database) throws RocksDBException {
    byte[] row =
        database.handle(Family.META) == null
            ? null
            : database.db().get(database.handle(Family.META), Rows.bytes(SCHEMA_KEY));
    try {
      return row == null ? Integer.MAX_VALUE : Integer.parseInt(Rows.text(row));
    } catch (NumberFormatException _) {
      // A schema that is not a number is not an older one.
      return Integer.MAX_VALUE;
    }
  }

  /** Whether a crash cut off the making of the catalog before its first row. */
  private boolean wasNeverWrittenTo() throws IOException {
    for (Path file : folder.files(".log")) {
      if (LogTail.of(file).lastSequence() > 0) {
        return false;
      }
    }
    return folder.files(".sst").isEmpty();
  }

  /** Opens a catalog for reading alone, and changes nothing in its folder. */
  NativeDatabase forReading() {
    return inWords(
        "read",
        () -> {
          requireSoundBase();
          return open(Mode.READ_ONLY);
        });
  }

  /** Whether it is unknown if the log has lost its end. */
  boolean unguarded() {
    return inWords("read", () -> Acknowledged.read(folder).isEmpty());
  }

  /**
   * What was noted as lost and is not accepted, in words, or would be noted if it were opened for
   * writing.
   */
  Optional<String> loss() {
    return inWords(
        "read",
        () -> {
          Optional<String> noted = Loss.noted(folder);
          if (noted.isEmpty()) {
            requireSoundBase();
            noted = Loss.look(folder, tryOut());
          }
          return noted;
        });
  }

  private NativeDatabase open(Mode mode) throws RocksDBException {
    return NativeDatabase.open(folder.path(), temporary, cacheBytes, mode);
  }

  private static boolean isInUse(RocksDBException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("lock hold by current process") || message.contains("While lock file");
  }

  private CatalogException inWords(RocksDBException e) {
    if (isInUse(e)) {
      return FolderLock.inUse(folder, e);
    }
    if (isOutOfSpace(e)) {
      return new CatalogException("cannot open the catalog: " + e.getMessage(), e);
    }
    return Loss.damage(folder, Loss.sentence(e.getMessage()), e);
  }

  private static boolean isOutOfSpace(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getSubCode() == Status.SubCode.NoSpace;
  }
}
