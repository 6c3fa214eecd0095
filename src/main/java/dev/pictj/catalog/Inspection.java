package dev.pictj.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A look through the whole catalog of a stopped server, row by row. One that was not opened for
 * repair changes nothing. For one thread.
 */
public interface Inspection extends AutoCloseable {
  /** Is told what is found. Calls come while the catalog is being read. */
  interface Findings {
    /**
     * Something is wrong in the catalog itself.
     *
     * @param key of the row that is wrong
     */
    void flaw(Flaw flaw, String key);

    /**
     * A blob that the catalog names, whose bytes should be looked at.
     *
     * @param variant the variant part of the blob's name, null for an original
     * @param size in bytes
     * @param hash SHA-256 of the bytes, in hexadecimal digits
     * @param key of the row that names it
     */
    void blob(String filename, @Nullable String variant, long size, String hash, String key);
  }

  /** The aliases of the media with this filename, oldest first; empty when there is none. */
  List<String> aliases(String filename);

  /** About how many rows {@link #walk} will look at. */
  long rows();

  /**
   * Looks at every row.
   *
   * @param progress is told how many rows have been seen, now and then
   */
  void walk(Findings findings, LongConsumer progress);

  /** Which of these stored blobs have no name, are not announced and not deleted. */
  List<String> unaccounted(SortedSet<String> stored);

  /** Which of these stored blobs were newer than all names at a start, and stay for good. */
  Set<String> kept(Collection<String> unaccounted);

  /** When the newest name was given; see {@link BlobJournal#newestName}. */
  Optional<Instant> newestName();

  /** How many blobs wait in the trash journal, which is no flaw. */
  long trash();

  /**
   * Does what {@link Flaw#repair} says; on the disk when it returns.
   *
   * @param key as it was reported
   * @throws IllegalStateException when this was not opened for repair
   * @throws IllegalArgumentException when the flaw cannot be repaired
   */
  void repair(Flaw flaw, String key);

  @Override
  void close();
}
