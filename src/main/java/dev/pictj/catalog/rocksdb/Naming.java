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
 * to be cleared, which puts it into the trash journal. So have the bytes of an upload that waits to
 * be worked on.
 */
final class Naming {
  private Naming() {}

  /**
   * The blobs that no row names. In a transaction the answer holds until its end: it reads rows
   * that everyone writes who would name one.
   */
  static Set<String> unnamed(Reader reader, Collection<String> blobs) throws RocksDBException {
    Set<String> filenames = new TreeSet<>();
    blobs.forEach(blob -> filenames.add(filename(blob)));
    for (String filename : filenames) {
      // An upload in the background writes this row when it begins and when it ends.
      reader.get(Family.BACKGROUND, RocksBackgroundUploads.FILE + filename);
      String hash = reader.text(Family.FILENAME, filename);
      if (hash != null) {
        // Adding a variant writes this row.
        reader.get(Family.MEDIA, hash);
      }
    }
    SortedSet<String> left = new TreeSet<>(blobs);
    removeNamed(reader, new TreeSet<>(blobs), left);
    return left;
  }

  private static String filename(String blob) {
    int slash = blob.indexOf('/');
    return slash < 0 ? blob : blob.substring(0, slash);
  }

  /**
   * Removes the blobs that have a name.
   *
   * @param blobs in order
   * @param left what is removed from
   */
  static void removeNamed(Reader reader, SortedSet<String> blobs, Set<String> left)
      throws RocksDBException {
    TreeSet<String> variantsOf = new TreeSet<>();
    for (String blob : blobs) {
      if (blob.indexOf('/') >= 0) {
        variantsOf.add(filename(blob));
      }
    }
    if (blobs.stream().anyMatch(blob -> blob.indexOf('/') < 0)) {
      removeListed(reader, Family.BACKGROUND, RocksBackgroundUploads.FILE, blobs, left);
      removeListed(reader, Family.FILENAME, "", blobs, left);
    }
    if (!variantsOf.isEmpty()) {
      String last = variantsOf.last();
      reader.each(
          Family.VARIANT,
          variantsOf.first() + "/",
          (key, row) -> {
            String media = filename(key);
            if (media.compareTo(last) > 0) {
              return false;
            }
            left.remove(media + "/" + Rows.read(row, VariantRow.class).blob());
            return true;
          });
    }
  }

  /** Removes the blobs for which there is a row whose key is the prefix and the blob's name. */
  static void removeListed(
      Reader reader, Family family, String prefix, SortedSet<String> blobs, Set<String> left)
      throws RocksDBException {
    if (blobs.isEmpty()) {
      return;
    }
    String last = prefix + blobs.last();
    reader.each(
        family,
        prefix + blobs.first(),
        (key, _) -> {
          if (key.compareTo(last) <= 0) {
            left.remove(key.substring(prefix.length()));
          }
          return key.compareTo(last) < 0;
        });
  }
}
