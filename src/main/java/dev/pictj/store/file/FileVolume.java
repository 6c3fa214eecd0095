package dev.pictj.store.file;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A data folder as a whole, looked at before a catalog that names nothing is put beside its files:
 * whatever a new catalog does not name would be taken for nobody's.
 */
public final class FileVolume {
  /** What pict-rs 0.3 to 0.6 keeps beside its files, see their {@code repo} settings. */
  private static final List<String> PICT_RS =
      List.of("sled", "sled-repo", "db-0.34", "fjall", "fjall-repo");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path root;
  private final Path files;
  private final Path lostFound;

  /** The one at this path, which need not exist. */
  public FileVolume(Path root) {
    this.root = root;
    this.files = root.resolve(FileBlobStore.FILES);
    this.lostFound = root.resolve(FileBlobStore.LOST_FOUND);
  }

  /**
   * Passes where a new catalog would leave nothing without a name; changes nothing.
   *
   * @param catalog where it would be
   * @throws IOException that says what is there and what to do, in one line
   */
  public void requireNothingToLose(Path catalog) throws IOException {
    requireNoPictRs();
    if (holdsOriginals()) {
      throw new IOException(
          ("there are stored files in %s, but no catalog in %s: put the catalog back from a backup,"
                  + " or start once with --new-catalog, which keeps every file by moving it to %s,"
                  + " and begins with nothing")
              .formatted(files, catalog, lostFound));
    }
  }

  /**
   * Passes unless pict-rs has its data here, which a new catalog never lies beside.
   *
   * @throws IOException that says so
   */
  public void requireNoPictRs() throws IOException {
    for (String name : PICT_RS) {
      if (Files.exists(root.resolve(name))) {
        throw new IOException(
            ("%s is a data folder of pict-rs (it holds %s), which pictj cannot read; nothing in it"
                    + " was changed. Give pictj a --path of its own, and move the pictures over"
                    + " HTTP as the README says under \"Moving from pict-rs\"")
                .formatted(root, name));
      }
    }
  }

  /** Whether there is any file where originals are; ends at the first. */
  private boolean holdsOriginals() throws IOException {
    boolean[] found = new boolean[1];
    if (!Files.exists(files)) {
      return false;
    }
    Files.walkFileTree(
        files.toRealPath(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found[0] = true;
            return FileVisitResult.TERMINATE;
          }
        });
    return found[0];
  }

  /**
   * Moves all originals and variants to {@code lost+found}, by a rename each way. It can be broken
   * off anywhere and done again: what was moved is safe, what was not is still there.
   */
  public void setAllAside() throws IOException {
    requireNoPictRs();
    String stamp = STAMP.format(Instant.now());
    for (String name : List.of(FileBlobStore.FILES, FileBlobStore.VARIANTS)) {
      Path folder = root.resolve(name);
      if (Files.exists(folder)) {
        Path target = lostFound.resolve(name + "-" + stamp);
        Files.createDirectories(lostFound);
        setAside(folder, target);
        DiskSync.KERNEL.folder(lostFound);
      }
    }
    DiskSync.KERNEL.folder(root);
  }

  private static void setAside(Path folder, Path target) throws IOException {
    if (!Files.isSymbolicLink(folder)) {
      try {
        Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        throw e;
      } catch (FileSystemException _) {
        // A mount point, or lost+found is one: then file by file.
      }
    }
    Path from = folder.toRealPath();
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path to = target.resolve(from.relativize(file).toString());
            Files.createDirectories(to.getParent());
            move(file, to);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** A rename, or from one file system to another a copy that is on the disk before it counts. */
  static void move(Path file, Path target) throws IOException {
    try {
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Path unfinished = target.resolveSibling(target.getFileName() + ".partial");
      Files.copy(
          file,
          unfinished,
          StandardCopyOption.COPY_ATTRIBUTES,
          StandardCopyOption.REPLACE_EXISTING);
      DiskSync.KERNEL.file(unfinished);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      DiskSync.KERNEL.folder(target.getParent());
      Files.delete(file);
    }
  }
}
