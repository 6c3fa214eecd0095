package dev.pictj.store.file;

import static dev.pictj.store.file.DiskSync.parent;
import static java.util.concurrent.CompletableFuture.runAsync;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.Durability;
import dev.pictj.store.MissingBlobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Blobs as plain files: originals at {@code files/ab/cd/<filename>}, variants at {@code
 * variants/ab/cd/<filename>/<variant>}, where ab and cd are the first four characters of the
 * filename.
 *
 * <p>A blob appears by one rename, so that readers see it whole or not at all. Where it must
 * survive a power cut its bytes are on the disk before, and then the folders that gained an entry
 * are synced too.
 */
public final class FileBlobStore implements BlobStore {
  static final String FILES = "files";
  static final String VARIANTS = "variants";
  static final String LOST_FOUND = "lost+found";

  /**
   * What {@link #setAside} leaves in lost+found. The folders that {@link FileVolume#setAllAside}
   * leaves there are only the administrator's to delete.
   */
  private static final Pattern SET_ASIDE = Pattern.compile("[A-Za-z0-9]+\\.[a-z0-9]+(\\.[0-9]+)?");

  /** Ends the names of damaged originals there, which {@link #SET_ASIDE} does not match. */
  private static final String DAMAGED = ".damaged";

  private static final int MAX_ATTEMPTS = 100;

  /** An original lies in two folders; a variant in one more, which is named as its original. */
  private static final int FILE_DEPTH = 3;

  private final Path files;
  private final Path variants;
  private final Path lostFound;
  private final Path staging;
  private final DiskSync disk;
  private final SharedSync folders;

  /**
   * Folders that are known to be on the disk, they and all above them, because each one's parent
   * was synced since it was made. Folders of one media's variants are not among them: they go with
   * the last of these. One too few costs a sync.
   */
  private final Cache<Path, Boolean> durable = Caffeine.newBuilder().maximumSize(10_000).build();

  private FileBlobStore(Path root, Path staging, DiskSync disk) {
    this.files = root.resolve(FILES);
    this.variants = root.resolve(VARIANTS);
    this.lostFound = root.resolve(LOST_FOUND);
    this.staging = staging;
    this.disk = disk;
    this.folders = new SharedSync(disk);
  }

  /**
   * Opens a store, making its folders where they are missing.
   *
   * @param root the data folder
   * @param staging a folder on the same file system for copies of files that come from elsewhere
   */
  public static FileBlobStore open(Path root, Path staging) throws IOException {
    return open(root, staging, DiskSync.KERNEL);
  }

  /**
   * Opens a store that is there already, without making or changing anything.
   *
   * @throws IOException when there is none
   */
  public static FileBlobStore existing(Path root) throws IOException {
    FileBlobStore store = new FileBlobStore(root, root.resolve("tmp"), DiskSync.KERNEL);
    if (!Files.isDirectory(store.files) || !Files.isDirectory(store.variants)) {
      throw new IOException("there are no stored files in " + root);
    }
    return store;
  }

  static FileBlobStore open(Path root, Path staging, DiskSync disk) throws IOException {
    FileBlobStore store = new FileBlobStore(root, staging, disk);
    Files.createDirectories(store.files);
    Files.createDirectories(store.variants);
    Files.createDirectories(staging);
    disk.folder(root);
    return store;
  }

  @Override
  public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
    boolean synced = durability == Durability.SYNCED;
    if (synced) {
      syncBytes(sources.values());
    }
    for (Map.Entry<BlobName, Path> one : sources.entrySet()) {
      place(one.getKey(), one.getValue());
    }
    if (synced) {
      syncFolders(sources.keySet());
    }
  }

  /** Syncs several files at the same time, which a file system does in one step where it can. */
  private void syncBytes(Collection<Path> files) throws IOException {
    if (files.size() == 1) {
      disk.file(files.iterator().next());
      return;
    }
    try {
      CompletableFuture.allOf(
              files.stream()
                  .map(file -> runAsync(() -> syncUnchecked(file), Thread::startVirtualThread))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IOException("could not sync a file", e.getCause());
    }
  }

  private void syncUnchecked(Path file) {
    try {
      disk.file(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void place(BlobName name, Path source) throws IOException {
    Path target = path(name);
    for (int attempt = 1; ; attempt++) {
      try {
        makeFolders(name, target);
        disk.move(source, target, staging.resolve("copy-" + UUID.randomUUID()));
        return;
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // An emptied variant folder may be swept away while it is made, or before the rename.
        if (attempt == MAX_ATTEMPTS || !Files.exists(source)) {
          throw e;
        }
      }
    }
  }

  private void makeFolders(BlobName name, Path target) throws IOException {
    if (!Files.isDirectory(parent(target))) {
      makeFolder(parent(target), top(name));
    }
  }

  /** Makes a folder and those above it that are missing; none of them is synced yet. */
  private void makeFolder(Path folder, Path top) throws IOException {
    // Also where another thread makes it at the same time, or an administrator has removed it.
    durable.invalidate(folder);
    try {
      Files.createDirectory(folder);
    } catch (NoSuchFileException e) {
      if (folder.equals(top)) {
        throw e;
      }
      makeFolder(parent(folder), top);
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  /**
   * Syncs the folders that gained a name and those above them, up to one that is surely on the
   * disk. That a folder was there already says nothing: another thread may have made it a moment
   * ago and not synced it yet.
   */
  private void syncFolders(Set<BlobName> names) throws IOException {
    Set<Path> synced = new HashSet<>();
    List<Path> kept = new ArrayList<>();
    for (BlobName name : names) {
      Path top = top(name);
      Path lowest = parent(path(name));
      Path folder = lowest;
      sync(folder, synced);
      while (!folder.equals(top) && durable.getIfPresent(folder) == null) {
        if (name.variant() == null || !folder.equals(lowest)) {
          kept.add(folder);
        }
        folder = parent(folder);
        sync(folder, synced);
      }
    }
    // A folder counts as synced only when those above it are on the disk too.
    kept.forEach(folder -> durable.put(folder, true));
  }

  /** Syncs a folder once in a call, which is enough: all names were there before the first sync. */
  private void sync(Path folder, Set<Path> synced) throws IOException {
    if (synced.add(folder)) {
      folders.folder(folder);
    }
  }

  @Override
  public void requireWritable() {
    // Files know no limit of their own; a decorator may.
  }

  @Override
  public Blob open(BlobName name) throws IOException {
    try {
      FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ);
      return new FileBlob(channel, channel.size());
    } catch (NoSuchFileException _) {
      throw new MissingBlobException(name);
    }
  }

  private record FileBlob(FileChannel channel, long size) implements Blob {
    @Override
    public int read(ByteBuffer buffer, long offset) throws IOException {
      return channel.read(buffer, offset);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Override
  public <E extends Exception> void withFile(BlobName name, FileWork<E> work)
      throws IOException, E {
    Path path = path(name);
    if (!Files.isRegularFile(path)) {
      throw new MissingBlobException(name);
    }
    work.with(path);
  }

  @Override
  public OptionalLong size(BlobName name) throws IOException {
    try {
      return OptionalLong.of(Files.size(path(name)));
    } catch (NoSuchFileException _) {
      return OptionalLong.empty();
    }
  }

  @Override
  public void delete(BlobName name) throws IOException {
    Path path = path(name);
    Files.deleteIfExists(path);
    if (name.variant() != null) {
      try {
        Files.deleteIfExists(parent(path));
      } catch (DirectoryNotEmptyException _) {
        // The folder has other variants.
      }
    }
  }

  @Override
  public void list(int atOnce, Pages<Listed> pages) throws IOException {
    Paged<Listed> listed = new Paged<>(atOnce, pages);
    walk(files, FILE_DEPTH, listed);
    listed.end();
    walk(variants, FILE_DEPTH + 1, listed);
    listed.end();
  }

  private void walk(Path folder, int depth, Paged<Listed> listed) throws IOException {
    for (Path one : sorted(folder)) {
      if (depth > 1) {
        walk(one, depth - 1, listed);
      } else {
        list(one, listed);
      }
    }
  }

  /** Lists a file, unless it lies elsewhere than where its name belongs: then it is not ours. */
  private void list(Path file, Paged<Listed> listed) throws IOException {
    Path folder = file.startsWith(files) ? parent(file) : parent(parent(file));
    Optional<BlobName> name = BlobName.parse(folder.relativize(file).toString());
    if (name.isEmpty() || !path(name.get()).equals(file)) {
      return;
    }
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        listed.add(new Listed(name.get(), attributes.lastModifiedTime().toInstant()));
      }
    } catch (NoSuchFileException _) {
      // It was deleted meanwhile.
    }
  }

  /** The entries of a folder in the order of their names; empty where there is no such folder. */
  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted(Comparator.comparing(path -> path.getFileName().toString())).toList();
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Gathers a page at a time. */
  private static final class Paged<T> {
    private final int atOnce;
    private final Pages<T> pages;
    private List<T> gathered = new ArrayList<>();

    Paged(int atOnce, Pages<T> pages) {
      this.atOnce = atOnce;
      this.pages = pages;
    }

    void add(T one) throws IOException {
      gathered.add(one);
      if (gathered.size() == atOnce) {
        end();
      }
    }

    void end() throws IOException {
      if (!gathered.isEmpty()) {
        List<T> page = gathered;
        gathered = new ArrayList<>();
        pages.page(page);
      }
    }
  }

  @Override
  public void setAside(BlobName name) throws IOException {
    setAside(path(name), "");
  }

  @Override
  public void setDamagedAside(BlobName name) throws IOException {
    setAside(path(name), DAMAGED);
  }

  @Override
  public boolean isDamagedAside(BlobName name) {
    return Files.exists(lostFound.resolve(path(name).getFileName() + DAMAGED));
  }

  @Override
  public String place(BlobName name) {
    return parent(files).relativize(path(name)).toString();
  }

  private void setAside(Path file, String suffix) throws IOException {
    String entry = file.getFileName() + suffix;
    Path target = lostFound.resolve(entry);
    // The name is taken where an administrator copied the bytes back by hand, and left them here.
    for (int copy = 2; Files.exists(target); copy++) {
      target = lostFound.resolve(entry + "." + copy);
    }
    try {
      Files.createDirectories(lostFound);
      disk.move(file, target, target.resolveSibling(target.getFileName() + ".partial"));
    } catch (NoSuchFileException e) {
      if (Files.exists(file)) {
        throw e;
      }
      return;
    }
    disk.folder(lostFound);
  }

  @Override
  public void listSetAside(int atOnce, Pages<String> pages) throws IOException {
    Paged<String> listed = new Paged<>(atOnce, pages);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(lostFound)) {
      for (Path one : all) {
        // A disk's own lost+found, where fsck puts what it finds, may be this very folder.
        if (isSetAside(one)) {
          listed.add(one.getFileName().toString());
        }
      }
    } catch (NoSuchFileException _) {
      // Nothing was ever set aside.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    listed.end();
  }

  private static boolean isSetAside(Path path) {
    return SET_ASIDE.matcher(path.getFileName().toString()).matches()
        && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void deleteSetAside(String entry) throws IOException {
    Path path = lostFound.resolve(entry).normalize();
    if (!path.startsWith(lostFound)) {
      throw new IOException("nothing in lost+found is called " + entry);
    }
    // Older versions noted what --new-catalog had moved, too.
    if (lostFound.equals(path.getParent()) && isSetAside(path)) {
      Files.deleteIfExists(path);
    }
  }

  /**
   * Gives another folder the blob under the same name, laid out as a store of its own. Costs no
   * space where the file system can link. On the disk when it returns, but for the folders around
   * it: see {@link #finishCopy}.
   *
   * @throws MissingBlobException when there is none of this name
   */
  public void copy(BlobName name, Path root) throws IOException {
    Path target = new FileBlobStore(root, root, disk).path(name);
    Files.createDirectories(parent(target));
    try {
      Files.createLink(target, path(name));
    } catch (NoSuchFileException _) {
      throw new MissingBlobException(name);
    } catch (UnsupportedOperationException | FileSystemException _) {
      // Another file system, or one without links.
      Files.copy(path(name), target, StandardCopyOption.COPY_ATTRIBUTES);
      disk.file(target);
    }
  }

  /** Makes a folder that {@link #copy} filled whole: its own folders are there and on the disk. */
  public void finishCopy(Path root) throws IOException {
    FileBlobStore copy = new FileBlobStore(root, root, disk);
    for (Path top : List.of(copy.files, copy.variants)) {
      Files.createDirectories(top);
      try (Stream<Path> folders = Files.find(top, 4, (_, found) -> found.isDirectory())) {
        for (Path folder : (Iterable<Path>) folders::iterator) {
          disk.folder(folder);
        }
      }
    }
    disk.folder(root);
  }

  @Override
  public void check() throws IOException {
    if (!Files.isDirectory(files) || !Files.isDirectory(variants)) {
      throw new IOException("the data folder is gone");
    }
  }

  private Path path(BlobName name) {
    String filename = name.filename();
    Path path =
        top(name)
            .resolve(filename.substring(0, 2))
            .resolve(filename.substring(2, BlobName.FOLDER_LENGTH))
            .resolve(filename);
    return name.variant() == null ? path : path.resolve(name.variant());
  }

  private Path top(BlobName name) {
    return name.variant() == null ? files : variants;
  }
}
