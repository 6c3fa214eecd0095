package dev.pictj.upkeep;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the data of a running server as it is at one moment, into a folder that a server can be
 * started on.
 *
 * <p>The catalog is copied first, then every blob that this copy names. Blobs never change, and
 * none is removed meanwhile because the trash waits, so that the two fit together whatever is
 * uploaded or deleted during the backup. The folder gets its name when all of it is on the disk.
 */
public final class Backup {
  private static final Logger log = LoggerFactory.getLogger(Backup.class);

  private final Catalog catalog;
  private final BlobStore store;
  private final Trash trash;
  private final Function<Path, Inspection> opener;
  private final Path data;
  private final ReentrantLock underWay = new ReentrantLock();

  /**
   * Backups of this catalog and store.
   *
   * @param data the folder they lie in, where no backup may go
   * @param opener opens a copy of the catalog for a look
   */
  public Backup(
      Path data, Catalog catalog, BlobStore store, Trash trash, Function<Path, Inspection> opener) {
    this.data = data;
    this.catalog = catalog;
    this.store = store;
    this.trash = trash;
    this.opener = opener;
  }

  /**
   * What was copied.
   *
   * @param bytes of originals and variants together
   * @param missing blobs that the catalog names and the store has lost
   */
  public record Report(long originals, long variants, long bytes, long missing) {}

  /**
   * Makes one.
   *
   * @param target an absolute path at which there is nothing yet, in a folder that exists
   * @throws BackupRefusedException when the target will not do or another backup runs
   */
  public Report run(Path target) throws Exception {
    Path folder = target.normalize();
    Path parent = folder.getParent();
    if (!folder.isAbsolute() || parent == null) {
      throw new BackupRefusedException("The target must be an absolute path, not " + target);
    }
    if (Files.exists(folder)) {
      throw new BackupRefusedException("There is something at " + folder + " already");
    }
    if (!Files.isDirectory(parent)) {
      throw new BackupRefusedException("There is no folder " + parent);
    }
    if (parent.toRealPath().startsWith(data.toRealPath())) {
      throw new BackupRefusedException("A backup cannot lie in the data folder itself");
    }
    if (!underWay.tryLock()) {
      throw new BackupRefusedException("Another backup is being made");
    }
    try {
      return trash.paused(() -> copy(folder, parent));
    } finally {
      underWay.unlock();
    }
  }

  private Report copy(Path folder, Path parent) throws IOException {
    Path unfinished = parent.resolve(folder.getFileName() + ".partial-" + UUID.randomUUID());
    Files.createDirectory(unfinished);
    boolean done = false;
    try {
      catalog.checkpoint(unfinished.resolve("catalog"));
      Copier copier = new Copier(unfinished);
      try (Inspection inspection = opener.apply(unfinished.resolve("catalog"))) {
        inspection.walk(copier, _ -> {});
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      store.finishCopy(unfinished);
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      done = true;
      sync(parent);
      Report report = copier.report();
      log.info("backup in {}: {}", folder, report);
      return report;
    } finally {
      if (!done) {
        TempFolder.remove(unfinished);
      }
    }
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Copies every blob that the copied catalog names. */
  private final class Copier implements Inspection.Findings {
    private final Path root;
    private long originals;
    private long variants;
    private long bytes;
    private long missing;

    Copier(Path root) {
      this.root = root;
    }

    @Override
    public void flaw(Flaw flaw, String key) {
      log.warn("found while making a backup: {}: {}", flaw.meaning(), key);
    }

    @Override
    public void blob(String filename, String variant, long size, String hash, String key) {
      try {
        store.copy(new BlobName(filename, variant), root);
      } catch (MissingBlobException e) {
        log.warn("cannot back up {}: its file is missing", new BlobName(filename, variant), e);
        missing++;
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bytes += size;
      if (variant == null) {
        originals++;
      } else {
        variants++;
      }
    }

    Report report() {
      return new Report(originals, variants, bytes, missing);
    }
  }
}
