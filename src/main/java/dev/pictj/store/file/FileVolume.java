package dev.pictj.store.file;

import static dev.pictj.store.file.DiskSync.parent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data folder as a whole, before anything in it is opened: whether it can be used, who else may
 * read it, and whether a new catalog may be put beside its files: files that a catalog does not
 * name are swept.
 */
public final class FileVolume {
  private static final Logger log = LoggerFactory.getLogger(FileVolume.class);

  /** What pict-rs 0.3 to 0.6 keeps beside its files, see their {@code repo} settings. */
  private static final List<String> PICT_RS = List.of("sled", "sled-repo", "fjall", "fjall-repo");

  /** The folders around files that 0.4 and later store: a name of two digits in each. */
  private static final Pattern TWO_DIGITS = Pattern.compile("[0-9a-f]{2}");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path root;
  private final Path catalog;
  private final Path files;
  private final Path lostFound;
  private final Predicate<Path> isDatabase;

  /**
   * Makes the volume of a data folder, which need not exist.
   *
   * @param catalog where its catalog is, or would be: in it or elsewhere
   * @param isDatabase whether a folder is named as a database of pict-rs is, in those folders or in
   *     one of any other name
   */
  public FileVolume(Path root, Path catalog, Predicate<Path> isDatabase) {
    this.isDatabase = isDatabase;
    this.root = root;
    this.catalog = catalog;
    this.files = root.resolve(FileBlobStore.FILES);
    this.lostFound = root.resolve(FileBlobStore.LOST_FOUND);
  }

  /**
   * Passes where a new catalog would leave nothing without a name; changes nothing.
   *
   * @throws IOException that says what is there and what to do, in one line
   */
  public void requireNothingToLose() throws IOException {
    requireReadable();
    requireNoPictRs();
    if (Files.isDirectory(files) && count(files, 1) > 0) {
      throw new IOException(
          ("there are stored files in %s, but no catalog in %s: put the catalog back from a backup,"
               + " or start once with --new-catalog, which keeps every file by moving it to %s,"
               + " where pictj never deletes it, and begins with nothing; to go back later, stop,"
               + " put the catalog back, and move the folder there back to %s")
              .formatted(files, catalog, lostFound, files));
    }
  }

  /**
   * Passes unless pict-rs has its data here, which a new catalog never lies beside.
   *
   * @throws IOException that says so
   */
  public void requireNoPictRs() throws IOException {
    requireNoPictRs(root);
    if (isCatalogElsewhere()) {
      requireNoPictRs(parent(catalog));
    }
  }

  private void requireNoPictRs(Path folder) throws IOException {
    Optional<Path> found = pictRs(folder);
    if (found.isPresent()) {
      throw new IOException(
          ("%s is a data folder of pict-rs (it holds %s), which pictj cannot read; nothing in it"
               + " was changed. Give pictj a --path of its own (or store.path and repo.path), and"
               + " move the pictures with pictj adopt, as docs/migrating-from-pict-rs.md says")
              .formatted(folder, folder.relativize(found.get())));
    }
  }

  private boolean isCatalogElsewhere() {
    return !catalog.equals(link());
  }

  /** The catalog, or what leads to it from here. */
  private Path link() {
    return root.resolve("catalog");
  }

  /**
   * Passes unless another catalog names the files here: then each catalog would sweep the files of
   * the other.
   *
   * @throws IOException that says where that catalog is
   */
  public void requireOneCatalog() throws IOException {
    Path link = link();
    if (isCatalogElsewhere() && Files.exists(link) && !isThere(link)) {
      throw new IOException(
          "the catalog of %s is %s, and cannot be %s too; give that one, or another --path"
              .formatted(root, link.toRealPath(), catalog));
    }
  }

  private boolean isThere(Path link) throws IOException {
    return Files.exists(catalog) && Files.isSameFile(link, catalog);
  }

  /**
   * Makes a link to a catalog that lies elsewhere, so that commands which are given only this
   * folder find it. Called when the catalog is there.
   */
  public void linkCatalog() throws IOException {
    if (isCatalogElsewhere() && Files.notExists(link())) {
      // What it led to before, if anything, is gone.
      Files.deleteIfExists(link());
      Files.createSymbolicLink(link(), catalog);
      DiskSync.KERNEL.folder(root);
    }
  }

  private Optional<Path> pictRs(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    List<Path> candidates = new ArrayList<>();
    PICT_RS.forEach(name -> candidates.add(root.resolve(name)));
    try (Stream<Path> tops = Files.list(root)) {
      for (Path top : (Iterable<Path>) tops.sorted()::iterator) {
        if (isDatabase.test(top)) {
          candidates.add(top);
        }
        databaseIn(top).ifPresent(candidates::add);
        if (isNamedByDigits(top) && Files.isDirectory(top)) {
          try (Stream<Path> below = Files.list(top)) {
            below
                .filter(FileVolume::isNamedByDigits)
                .filter(Files::isDirectory)
                .findFirst()
                .ifPresent(candidates::add);
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return candidates.stream().filter(Files::exists).findFirst();
  }

  private Optional<Path> databaseIn(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.filter(isDatabase).findFirst();
    } catch (IOException | UncheckedIOException _) {
      // A file, or a folder of somebody else's.
      return Optional.empty();
    }
  }

  private static boolean isNamedByDigits(Path path) {
    return TWO_DIGITS.matcher(String.valueOf(path.getFileName())).matches();
  }

  /**
   * Passes unless one of the folders that are here cannot be looked into.
   *
   * @throws IOException that names it, its owner and the way out, in one line
   */
  public void requireReadable() throws IOException {
    for (Path folder : List.of(root, catalog, files, root.resolve(FileBlobStore.VARIANTS))) {
      requireUsable(folder, false);
    }
  }

  /** A folder and what lies in it, in words. */
  private record Place(Path path, String holds) {}

  /**
   * Passes where what is stored lies apart from what is emptied at every start, and from the
   * catalog, whatever links lead there.
   *
   * @param temporary where unfinished files go
   * @throws IOException that names two folders of which one lies in the other, in one line
   */
  public void requireApart(Path temporary) throws IOException {
    Place unfinished = new Place(temporary, "unfinished files (--temp-dir)");
    Place staged = new Place(root.resolve("tmp").resolve("staging"), "files about to be stored");
    Place named = new Place(catalog, "the catalog (--catalog-path)");
    for (Place stored :
        List.of(
            new Place(files, "stored files"),
            new Place(root.resolve(FileBlobStore.VARIANTS), "variants"),
            new Place(lostFound, "files without a name"))) {
      for (Place other : List.of(unfinished, staged, named)) {
        requireApart(other, stored);
      }
    }
    requireApart(unfinished, named);
    requireApart(staged, named);
    // The other way round is how it is where nothing is set.
    requireOutside(unfinished, staged);
  }

  private static void requireApart(Place one, Place other) throws IOException {
    requireOutside(one, other);
    requireOutside(other, one);
  }

  private static void requireOutside(Place inner, Place outer) throws IOException {
    if (real(inner.path()).startsWith(real(outer.path()))) {
      throw new IOException(
          "%s, for %s, lies in %s, for %s; give each a folder of its own"
              .formatted(inner.path(), inner.holds(), outer.path(), outer.holds()));
    }
  }

  /** Where a folder is, or would be. */
  private static Path real(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath().normalize();
    Path there = existing(absolute);
    return there.toRealPath().resolve(there.relativize(absolute));
  }

  /** What the system said about a file, in words; the message of some of these is a bare path. */
  public static String inWords(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> noPermission("for", Path.of(denied.getFile()));
      case FileAlreadyExistsException file -> file.getFile() + " is not a folder";
      case NoSuchFileException file -> file.getFile() + " is missing";
      case FileSystemException file when file.getFile() != null && file.getReason() != null ->
          file.getFile() + ": " + file.getReason();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  /**
   * Keeps other users out of everything here, whatever the umask: out of what is made from now on,
   * and out of the folders of older versions. Each folder that is there must be usable.
   *
   * @param temporary where unfinished files go
   * @param groupAccess whether the group of these folders may read them
   * @throws IOException that names the folder that cannot be used, and why, in one line
   */
  public void protect(Path temporary, boolean groupAccess) throws IOException {
    Umask.set(groupAccess ? 0027 : 0077);
    for (Path folder : List.of(root, temporary)) {
      if (Files.notExists(folder)) {
        requireUsable(existing(parent(folder.toAbsolutePath())));
        make(folder);
      }
      requireUsable(folder);
    }
    if (isCatalogElsewhere() && Files.notExists(catalog)) {
      requireUsable(existing(parent(catalog)));
      make(parent(catalog));
    }
    requireUsable(catalog);
    for (Path folder :
        List.of(
            files,
            root.resolve(FileBlobStore.VARIANTS),
            root.resolve("tmp"),
            temporary,
            lostFound)) {
      // On a disk of its own that folder is the system's, until something has to go there.
      if (Files.exists(folder) && (!folder.equals(lostFound) || Files.isWritable(folder))) {
        requireUsable(folder);
        closeOrOpen(folder, groupAccess);
      }
    }
  }

  /** Keeps other users out of what this process makes from now on, whatever the umask. */
  public static void keepOthersOut() {
    Umask.set(0077);
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "%s cannot be made: what is mounted at %s takes no folders"
              .formatted(folder, existing(parent(folder.toAbsolutePath()))),
          e);
    }
  }

  private static Path existing(Path folder) {
    return Files.exists(folder) || folder.getParent() == null ? folder : existing(parent(folder));
  }

  private static void requireUsable(Path folder) throws IOException {
    requireUsable(folder, true);
  }

  private static void requireUsable(Path folder, boolean written) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    if (!Files.exists(folder)) {
      // A folder above it cannot be passed; the message names that one.
      requireUsable(parent(folder.toAbsolutePath()), false);
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is not a folder");
    }
    if (!Files.isReadable(folder)
        || !Files.isExecutable(folder)
        || (written && !Files.isWritable(folder))) {
      throw new IOException(noPermission(written ? "to read and write in" : "to read in", folder));
    }
  }

  private static String noPermission(String what, Path path) {
    String user = System.getProperty("user.name");
    String owner;
    try {
      owner = Files.getOwner(path).getName();
    } catch (IOException | UnsupportedOperationException _) {
      return "no permission %s %s".formatted(what, path);
    }
    return owner.equals(user)
        ? "no permission %s %s, or its disk is read-only".formatted(what, path)
        : "no permission %s %s: it belongs to %s, and pictj runs as %s; give it to that user with chown -R"
            .formatted(what, path, owner, user);
  }

  private static void closeOrOpen(Path folder, boolean groupAccess) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> wanted =
        PosixFilePermissions.fromString(groupAccess ? "rwxr-x---" : "rwx------");
    Set<PosixFilePermission> found = view.readAttributes().permissions();
    if (found.equals(wanted)) {
      return;
    }
    try {
      if (groupAccess && !found.containsAll(wanted)) {
        openInside(folder);
      }
      // Other users cannot pass this folder, so its contents, which may be many, are left alone.
      view.setPermissions(wanted);
    } catch (AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      log.warn(
          "{} belongs to {}, so its permissions stay {}: {}",
          folder,
          Files.getOwner(folder).getName(),
          PosixFilePermissions.toString(found),
          e.getReason());
    }
  }

  /** Lets the group read what was made without --group-access. */
  private static void openInside(Path folder) throws IOException {
    walk(
        folder,
        inside -> {
          if (Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rwxr-x---"));
          } else if (Files.isRegularFile(inside, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rw-r-----"));
          }
        });
  }

  /** Is shown what is in a folder. */
  @FunctionalInterface
  private interface Visitor {
    void visit(Path inside) throws IOException;
  }

  /** Shows all that is in a folder, the folder itself first; links inside are not followed. */
  private static void walk(Path folder, Visitor visitor) throws IOException {
    try (Stream<Path> all = Files.walk(folder.toRealPath())) {
      for (Path inside : (Iterable<Path>) all::iterator) {
        visitor.visit(inside);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** How many files there are in a folder; ends where there are that many. */
  private static long count(Path folder, long most) throws IOException {
    try (Stream<Path> all = Files.walk(folder.toRealPath())) {
      return all.filter(inside -> !Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS))
          .limit(most)
          .count();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Moves all originals and variants to {@code lost+found}, by a rename each way. It can be broken
   * off anywhere and done again: what was moved is safe, what was not is still there. No version
   * deletes it from there again.
   */
  public void setAllAside() throws IOException {
    requireNoPictRs();
    String stamp = STAMP.format(Instant.now());
    for (String name : List.of(FileBlobStore.FILES, FileBlobStore.VARIANTS)) {
      Path folder = root.resolve(name);
      if (Files.exists(folder)) {
        Path target = lostFound.resolve(name + "-" + stamp);
        Files.createDirectories(lostFound);
        long count = count(folder, Long.MAX_VALUE);
        setAside(folder, target);
        DiskSync.KERNEL.folder(lostFound);
        if (count > 0) {
          log.warn(
              "--new-catalog: {} files of {} went to {}, where pictj never deletes them; to have"
                  + " them again stop, put the catalog back, and move that folder back to {}",
              count,
              folder,
              target,
              folder);
        }
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
    walk(
        from,
        file -> {
          if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Path to = target.resolve(from.relativize(file).toString());
            Files.createDirectories(parent(to));
            DiskSync.KERNEL.move(file, to, to.resolveSibling(to.getFileName() + ".partial"));
          }
        });
  }
}
