package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * RocksDB's native library: 17 MB, which the jar has in compressed form. A start that finds it
 * unpacked on {@code java.library.path} is a tenth of a second faster.
 */
public final class RocksLibrary {
  private static final String NAME = "rocksdb";

  private RocksLibrary() {}

  /**
   * Unpacks the library for later starts.
   *
   * @param folder is made where it is missing; to be named in {@code java.library.path}
   */
  public static void unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path unfinished = Files.createTempFile(folder, "native-", null);
    try (InputStream packed =
        RocksDB.class.getResourceAsStream("/" + Environment.getJniLibraryFileName(NAME))) {
      if (packed == null) {
        throw new IOException("RocksDB has no library for this machine");
      }
      Files.copy(packed, unfinished, StandardCopyOption.REPLACE_EXISTING);
      Files.move(
          unfinished,
          folder.resolve(Environment.getSharedLibraryFileName(NAME)),
          StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Loads the library, unpacked or not. The loader unpacks it into the temporary folder; that copy
   * is deleted once it is mapped, so that nothing stays behind, whatever ends the process.
   */
  static void load(Path temporary) {
    try {
      Path unpacked = Files.createTempDirectory(temporary, "native-");
      try {
        NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
      } finally {
        for (Path file : new CatalogFolder(unpacked).files("")) {
          Files.delete(file);
        }
        Files.delete(unpacked);
      }
    } catch (IOException e) {
      throw new CatalogException("cannot unpack the RocksDB library: " + e.getMessage(), e);
    }
    RocksDB.loadLibrary();
  }
}
