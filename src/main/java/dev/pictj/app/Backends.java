package dev.pictj.app;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Inspection;
import dev.pictj.catalog.rocksdb.CatalogFolder;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.catalog.rocksdb.RocksInspection;
import dev.pictj.catalog.rocksdb.RocksLibrary;
import dev.pictj.config.PictrsKeys;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
import dev.pictj.store.file.FileBlobStore;
import dev.pictj.store.file.FileVolume;
import dev.pictj.upkeep.Backup;
import dev.pictj.upkeep.DataFolders;
import dev.pictj.upkeep.DiskWatermark;
import dev.pictj.upkeep.WatermarkedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalog and the store of a data folder. No other class names their implementations. */
public final class Backends implements Backup.Source, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Backends.class);

  private final RocksCatalog catalog;
  private final TempFolder temporary;
  private final FileBlobStore files;
  private final BlobStore store;
  private final List<Path> folders;

  private Backends(Settings settings, RocksCatalog catalog) throws IOException {
    Path data = settings.get(SettingsCatalogue.PATH);
    Path tempDir = tempDir(settings);
    this.catalog = catalog;
    this.folders = List.of(data, catalogOf(settings), tempDir);
    this.temporary = TempFolder.open(tempDir);
    this.files =
        FileBlobStore.open(data, TempFolder.open(data.resolve("tmp").resolve("staging")).path());
    this.store =
        new WatermarkedStore(
            files,
            DataFolders.of(
                List.of(
                    data,
                    catalogOf(settings),
                    data.resolve("files"),
                    data.resolve("variants"),
                    tempDir)),
            new DiskWatermark(
                List.of(data, tempDir), settings.get(SettingsCatalogue.MIN_FREE_SPACE)));
  }

  /** A folder of our own even where others put their files too: it is emptied at every start. */
  static Path tempDir(Settings settings) {
    Path data = settings.get(SettingsCatalogue.PATH);
    return settings
        .get(SettingsCatalogue.TEMP_DIR)
        .map(dir -> dir.resolve("pictj-" + Integer.toHexString(data.toString().hashCode())))
        .orElse(data.resolve("tmp"));
  }

  /**
   * Opens catalog and store, and makes them where that loses nothing.
   *
   * @throws IOException in words for the administrator
   * @throws dev.pictj.catalog.CatalogException also in words
   */
  static Backends open(Settings settings, Clock clock) throws IOException {
    // The catalog's lock says whether the folder is ours; nothing in it is touched before.
    Path data = settings.get(SettingsCatalogue.PATH);
    Path tempDir = tempDir(settings);
    Path folder = catalogOf(settings);
    FileVolume volume = new FileVolume(data, folder, PictrsKeys::isNamedAsDatabase);
    boolean newCatalog = settings.get(SettingsCatalogue.NEW_CATALOG);
    // Otherwise a catalog in an unreadable folder would be taken for a missing one.
    volume.requireReadable();
    volume.requireApart(tempDir);
    if (RocksCatalog.exists(folder)) {
      if (newCatalog) {
        log.warn("--new-catalog does nothing, for there is a catalog; take it away");
      }
    } else if (newCatalog) {
      volume.requireNoPictRs();
    } else {
      volume.requireNothingToLose();
    }
    volume.requireOneCatalog();
    boolean groupAccess = settings.get(SettingsCatalogue.GROUP_ACCESS);
    volume.protect(tempDir, groupAccess);
    RocksCatalog catalog =
        RocksCatalog.open(
            new CatalogFolder(folder, settings.get(SettingsCatalogue.ACCEPT_LOSS), groupAccess),
            tempDir,
            settings.get(SettingsCatalogue.CATALOG_CACHE),
            settings.get(SettingsCatalogue.CATALOG_WRITERS),
            clock,
            System::nanoTime,
            () -> {
              if (newCatalog) {
                volume.setAllAside();
              } else {
                volume.requireNothingToLose();
              }
            });
    try {
      volume.linkCatalog();
      return new Backends(settings, catalog);
    } catch (IOException | RuntimeException e) {
      catalog.close();
      throw e;
    }
  }

  private static Path catalogOf(Settings settings) {
    return settings
        .get(SettingsCatalogue.CATALOG_PATH)
        .orElseGet(() -> catalogOf(settings.get(SettingsCatalogue.PATH)));
  }

  /** Where the catalog of a data folder is, or a link to where it lies. */
  private static Path catalogOf(Path root) {
    return root.resolve("catalog");
  }

  Catalog catalog() {
    return catalog;
  }

  /** The store, which takes nothing where there is no room for it. */
  BlobStore store() {
    return store;
  }

  /** The folders that all of it is in: pictures, the catalog, unfinished files. */
  List<Path> folders() {
    return folders;
  }

  /** The folder for unfinished files. */
  TempFolder temporary() {
    return temporary;
  }

  @Override
  public void copyCatalog(Path folder) {
    catalog.checkpoint(folder);
  }

  @Override
  public Inspection openCopy(Path folder) {
    return RocksInspection.look(folder, temporary.path());
  }

  @Override
  public void copyBlob(BlobName name, Path backup) throws IOException {
    files.copy(name, backup);
  }

  @Override
  public void finishBlobs(Path backup) throws IOException {
    files.finishCopy(backup);
  }

  @Override
  public void close() {
    catalog.close();
  }

  /**
   * The store of a stopped server.
   *
   * @throws IOException when there is none, or no catalog beside it
   */
  public static BlobStore store(Path root) throws IOException {
    FileVolume.keepOthersOut();
    FileVolume volume = new FileVolume(root, catalogOf(root), PictrsKeys::isNamedAsDatabase);
    volume.requireReadable();
    if (!RocksCatalog.exists(catalogOf(root))) {
      volume.requireNothingToLose();
    }
    return FileBlobStore.existing(root);
  }

  /**
   * The catalog of a stopped server.
   *
   * @param scratch a folder for what is needed meanwhile
   * @param repair whether it may be repaired; else nothing in it is changed
   */
  public static Inspection inspection(Path root, Path scratch, boolean repair) {
    return repair
        ? RocksInspection.repairing(catalogOf(root), scratch)
        : RocksInspection.look(catalogOf(root), scratch);
  }

  /**
   * Unpacks native libraries for later starts.
   *
   * @param folder is made where it is missing; to be named in {@code java.library.path}
   */
  public static void unpackLibraries(Path folder) throws IOException {
    RocksLibrary.unpack(folder);
  }

  /** The system's message about a file of catalog or store. */
  public static String inWords(IOException e) {
    return FileVolume.inWords(e);
  }
}
