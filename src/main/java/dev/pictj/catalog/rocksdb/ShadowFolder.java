package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of symbolic links to the files of another one, in which RocksDB may do what it likes:
 * where a kill has left tables that the MANIFEST does not know, opening for reading alone writes a
 * new MANIFEST, and closing removes tables (see RocksDB's issues 10433 and 14881). Here that costs
 * links, and the folder itself stays as it was.
 *
 * @param path of the folder
 */
record ShadowFolder(Path path) implements AutoCloseable {
  /** Links to the files of a catalog's folder, in a new folder below the temporary one. */
  static ShadowFolder of(Path folder, Path temporary) {
    ShadowFolder shadow = null;
    try {
      shadow = new ShadowFolder(Files.createTempDirectory(temporary, "catalog-"));
      for (Path file : new CatalogFolder(folder.toRealPath()).files("")) {
        String name = file.getFileName().toString();
        // Neither its lock nor its notes.
        if (!name.startsWith("LO") && Files.isRegularFile(file)) {
          Files.createSymbolicLink(shadow.path().resolve(name), file);
        }
      }
      return shadow;
    } catch (IOException e) {
      if (shadow != null) {
        shadow.close();
      }
      throw new CatalogException("cannot look at the catalog: " + e.getMessage(), e);
    }
  }

  /** Removes the links. */
  @Override
  public void close() {
    try {
      for (Path link : new CatalogFolder(path).files("")) {
        Files.delete(link);
      }
      Files.delete(path);
    } catch (IOException e) {
      throw new CatalogException("cannot remove " + path + ": " + e.getMessage(), e);
    }
  }
}
