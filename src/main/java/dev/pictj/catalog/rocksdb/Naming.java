package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.rocksdb.RocksDBException;

/**
 * Tells which blobs have a name, many at a time: the rows between the first and the last are read
 * once. A variant has one as long as it has a row, also when its media is gone and its row is about
 * to be cleared, which puts it into the trash journal.
 */
final class Naming {
  private final Reader reader;
  private final boolean keyedByHash;

  /**
   * That of a catalog.
   *
   * @param keyedByHash whether rows of variants are, as they were in schema 1, keyed by the hash of
   *     their media and not by its filename
   */
  Naming(Reader reader, boolean keyedByHash) {
    this.reader = reader;
    this.keyedByHash = keyedByHash;
  }

  /** Those that have none. In a transaction, this guards the answer. */
  Set<String> unnamed(Collection<String> blobs) throws RocksDBException {
    Set<String> filenames = new TreeSet<>();
    for (String blob : blobs) {
      int slash = blob.indexOf('/');
      filenames.add(slash < 0 ? blob : blob.substring(0, slash));
    }
    for (String filename : filenames) {
      String hash = reader.text(Family.FILENAME, filename);
      if (hash != null) {
        // Whoever adds a variant writes this row.
        reader.get(Family.MEDIA, hash);
      }
    }
    SortedSet<String> left = new TreeSet<>(blobs);
    removeNamed(new TreeSet<>(blobs), left);
    return left;
  }

  /**
   * Removes those that have one.
   *
   * @param blobs in order
   * @param left what is removed from
   */
  void removeNamed(SortedSet<String> blobs, Set<String> left) throws RocksDBException {
    Set<String> originals = new TreeSet<>();
    TreeSet<String> variantsOf = new TreeSet<>();
    for (String blob : blobs) {
      int slash = blob.indexOf('/');
      boolean _ = slash < 0 ? originals.add(blob) : variantsOf.add(blob.substring(0, slash));
    }
    if (!originals.isEmpty()) {
      String last = blobs.last();
      reader.each(
          Family.FILENAME,
          blobs.first(),
          (filename, _) -> {
            left.remove(filename);
            return filename.compareTo(last) < 0;
          });
    }
    if (keyedByHash) {
      for (String filename : variantsOf) {
        String hash = reader.text(Family.FILENAME, filename);
        if (hash != null) {
          removeVariants(hash, hash, filename, left);
        }
      }
    } else if (!variantsOf.isEmpty()) {
      removeVariants(variantsOf.first(), variantsOf.last(), null, left);
    }
  }

  /** Reads the rows whose keys begin with something from that to that, and a slash. */
  private void removeVariants(String first, String last, String filename, Set<String> left)
      throws RocksDBException {
    reader.each(
        Family.VARIANT,
        first + "/",
        (key, row) -> {
          String media = key.substring(0, key.indexOf('/'));
          if (media.compareTo(last) > 0) {
            return false;
          }
          left.remove(
              (filename == null ? media : filename)
                  + "/"
                  + Rows.read(row, VariantRow.class).blob());
          return true;
        });
  }
}
