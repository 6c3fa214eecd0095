package dev.pictj.upkeep;

import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.store.BlobName;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

  private final Source source;
  private final Trash trash;
  private final List<Path> ours;
  private final ReentrantLock underWay = new ReentrantLock();
  private final AtomicLong copied = new AtomicLong();

  /** What can be copied while it is in use: a catalog and the blobs that it names. */
  public interface Source {
    /**
     * Writes the catalog as it is at one moment into a folder.
     *
     * @param folder does not exist yet, its parent does
     */
    void copyCatalog(Path folder);

    /** Opens such a folder for a look. */
    Inspection openCopy(Path folder);

    /**
     * Gives a backup a blob, which costs no space where the file system can link.
     *
     * @throws MissingBlobException when there is none of this name
     */
    void copyBlob(BlobName name, Path backup) throws IOException;

    /** Returns when all that was copied, and the folders around it, are on the disk. */
    void finishBlobs(Path backup) throws IOException;
  }

  /**
   * Backups of what the trash is of.
   *
   * @param ours the folders that the server works in, some of which it empties: no backup may go
   *     there
   */
  public Backup(List<Path> ours, Source source, Trash trash) {
    this.ours = List.copyOf(ours);
    this.source = source;
    this.trash = trash;
  }

  /**
   * What was copied.
   *
   * @param bytes of originals and variants together
   * @param missing blobs that the catalog names and the store has lost
   * @param links files that share their bytes, and so any damage to them, with the server's own
   */
  public record Report(long originals, long variants, long bytes, long missing, long links) {}

  /**
   * Files that the backup under way has done with so far; each twice where no links are wanted, for
   * they are taken first and given bytes of their own then. 0 while there is no backup.
   */
  public long copied() {
    return copied.get();
  }

  /**
   * Copies catalog and blobs into a new folder while the server runs.
   *
   * @param target an absolute path at which there is nothing yet, in a folder that exists
   * @param links whether files may be hard links to the server's own, which cost no space
   * @throws BackupRefusedException when the target will not do or another backup runs
   */
  public Report run(Path target, boolean links) throws Exception {
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
    for (Path one : ours) {
      if (parent.toRealPath().startsWith(one.toRealPath())) {
        throw new BackupRefusedException(
            "A backup cannot lie in " + one + ", which the server itself works in");
      }
    }
    if (!underWay.tryLock()) {
      throw new BackupRefusedException("Another backup is being made");
    }
    try {
      return trash.paused(() -> copy(folder, parent, links));
    } finally {
      copied.set(0);
      underWay.unlock();
    }
  }

  private Report copy(Path folder, Path parent, boolean mayLink) throws IOException {
    Path unfinished = parent.resolve(folder.getFileName() + ".partial-" + UUID.randomUUID());
    Files.createDirectory(unfinished);
    boolean done = false;
    try {
      source.copyCatalog(unfinished.resolve("catalog"));
      Copier copier = new Copier(unfinished);
      try (Inspection inspection = source.openCopy(unfinished.resolve("catalog"))) {
        inspection.walk(copier, _ -> {});
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      long links = settleLinks(unfinished, mayLink);
      source.finishBlobs(unfinished);
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      done = true;
      sync(parent);
      Report report = copier.report(links);
      log.info("backup in {}: {}", folder, report);
      return report;
    } finally {
      if (!done) {
        TempFolder.remove(unfinished);
      }
    }
  }

  /**
   * Gives every file that is a link bytes of its own, unless it may stay one.
   *
   * @return how many are links
   */
  private long settleLinks(Path backup, boolean mayLink) throws IOException {
    long links = 0;
    // Not in a folder that is being walked.
    Path copy = backup.resolve("copy");
    for (Path top : list(backup)) {
      try (Stream<Path> files = Files.walk(top)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          if (!mayLink) {
            copied.incrementAndGet();
          }
          if ((int) Files.getAttribute(file, "unix:nlink") == 1) {
            continue;
          }
          if (mayLink) {
            links++;
          } else {
            Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            sync(copy);
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
          }
        }
      }
      if (Files.isDirectory(top)) {
        sync(top);
      }
    }
    return links;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
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
    public void blob(
        String filename, @Nullable String variant, long size, String hash, String key) {
      try {
        source.copyBlob(new BlobName(filename, variant), root);
      } catch (MissingBlobException e) {
        log.warn("not in the backup: {}", e.getMessage());
        missing++;
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      copied.incrementAndGet();
      bytes += size;
      if (variant == null) {
        originals++;
      } else {
        variants++;
      }
    }

    Report report(long links) {
      return new Report(originals, variants, bytes, missing, links);
    }
  }
}
