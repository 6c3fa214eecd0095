package dev.pictj.catalog.rocksdb;

import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** Reads a table of RocksDB, a file of some megabytes, without the database it belongs to. */
final class TableCheck {
  private TableCheck() {}

  /**
   * Reads all of a table and compares its checksums.
   *
   * @throws RocksDBException when it is damaged or cannot be read
   */
  static void check(Path table) throws RocksDBException {
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(table.toString());
      reader.verifyChecksum();
    }
  }
}
