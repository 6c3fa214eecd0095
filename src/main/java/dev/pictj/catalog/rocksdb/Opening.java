package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.rocksdb.NativeDatabase.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * Opens it for everything, making it if there is none.
   *
   * @throws CatalogException in words for the administrator: in use, damaged
   */
  NativeDatabase forWriting() {
    NativeLibrary.load(temporary);
    try {
      Files.createDirectories(folder.path());
      NativeDatabase opened = open();
      try {
        folder.protect();
        return opened;
      } catch (IOException e) {
        opened.close();
        throw e;
      }
    } catch (RocksDBException e) {
      throw inWords(e);
    } catch (IOException e) {
      throw new CatalogException("cannot work in the catalog's folder: " + e.getMessage(), e);
    }
  }

  private NativeDatabase open() throws RocksDBException, IOException {
    if (!Files.exists(folder.path().resolve("CURRENT"))) {
      if (folder.holdsData()) {
        throw Loss.refusal(folder, "its file CURRENT is missing", null);
      }
      return NativeDatabase.make(folder.path(), temporary, cacheBytes);
    }
    if (!folder.acceptLoss()) {
      try (FolderLock _ = FolderLock.take(folder)) {
        requireFamilies();
        Optional<String> loss = Loss.look(folder, this::lastSequence);
        if (loss.isPresent()) {
          Loss.note(folder, loss.get());
        }
      }
      return NativeDatabase.open(folder.path(), temporary, cacheBytes, Mode.STRICT);
    }
    NativeDatabase opened = salvage();
    if (Loss.accept(folder)) {
      log.warn("a loss of the catalog was accepted with --accept-loss, which can be left out now");
    }
    return opened;
  }

  /** Leniently only where it must be. */
  private NativeDatabase salvage() throws RocksDBException, IOException {
    FolderLock.take(folder).close();
    try {
      requireFamilies();
      Loss.look(folder, this::lastSequence)
          .ifPresent(loss -> log.warn("accepted with --accept-loss: {}", loss));
      return NativeDatabase.open(folder.path(), temporary, cacheBytes, Mode.STRICT);
    } catch (CatalogException e) {
      log.warn("accepted with --accept-loss: {}", e.getMessage());
    } catch (RocksDBException e) {
      if (isInUse(e)) {
        throw e;
      }
      log.warn("accepted with --accept-loss: {}", e.getMessage());
    }
    return NativeDatabase.open(folder.path(), temporary, cacheBytes, Mode.SALVAGE);
  }

  private long lastSequence() throws RocksDBException {
    try (NativeDatabase looked =
        NativeDatabase.open(folder.path(), temporary, cacheBytes, Mode.READ_ONLY)) {
      return looked.db().getLatestSequenceNumber();
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
    int schema = Integer.MAX_VALUE;
    try (NativeDatabase looked =
        NativeDatabase.open(folder.path(), temporary, cacheBytes, Mode.READ_ONLY)) {
      byte[] row =
          missing.contains(Family.META)
              ? null
              : looked
                  .db()
                  .get(looked.handle(Family.META), SCHEMA_KEY.getBytes(StandardCharsets.UTF_8));
      if (row != null) {
        schema = Integer.parseInt(new String(row, StandardCharsets.UTF_8));
      }
    } catch (NumberFormatException _) {
      // What is no number is no older schema either.
    }
    for (Family family : missing) {
      if (family.since() <= schema) {
        throw Loss.refusal(
            folder,
            "its MANIFEST does not know the rows of "
                + new String(family.label(), StandardCharsets.UTF_8),
            null);
      }
    }
  }

  /** Whether its making was cut off before the first row. */
  private boolean wasNeverWrittenTo() throws IOException {
    for (Path file : folder.files(".log")) {
      if (LogTail.of(file).lastSequence() > 0) {
        return false;
      }
    }
    return folder.files(".sst").isEmpty();
  }

  /** Opens it for reading alone, and changes nothing in its folder. */
  NativeDatabase forReading() {
    NativeLibrary.load(temporary);
    try {
      requireFamilies();
      return NativeDatabase.open(folder.path(), temporary, cacheBytes, Mode.READ_ONLY);
    } catch (RocksDBException e) {
      throw inWords(e);
    } catch (IOException e) {
      throw new CatalogException("cannot read the catalog's folder: " + e.getMessage(), e);
    }
  }

  /** What was noted as lost and is not accepted, in words. */
  Optional<String> notedLoss() throws IOException {
    return Loss.noted(folder);
  }

  /** The same, and what was not noted because nothing has opened it for writing since. */
  Optional<String> loss() {
    try {
      Optional<String> noted = notedLoss();
      return noted.isPresent() ? noted : Loss.look(folder, this::lastSequence);
    } catch (RocksDBException e) {
      throw inWords(e);
    } catch (IOException e) {
      throw new CatalogException("cannot read the catalog's folder: " + e.getMessage(), e);
    }
  }

  private static boolean isInUse(RocksDBException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("lock hold by current process") || message.contains("While lock file");
  }

  private CatalogException inWords(RocksDBException e) {
    if (isInUse(e)) {
      return FolderLock.inUse(e);
    }
    if (e.getStatus() != null && e.getStatus().getSubCode() == Status.SubCode.NoSpace) {
      return new CatalogException("cannot open the catalog: " + e.getMessage(), e);
    }
    return Loss.refusal(folder, String.valueOf(e.getMessage()), e);
  }
}
