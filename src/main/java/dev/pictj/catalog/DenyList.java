package dev.pictj.catalog;

import dev.pictj.media.Phash;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What may not be uploaded. An upload is judged by the list as it is {@link #now}, and the version
 * of that list is given to {@link Catalog#link}, which fails where there is a newer one. So nothing
 * gets a name that was denied before, however long the upload took. Changes survive a power cut
 * once they return.
 */
public interface DenyList {
  /**
   * The list at one moment.
   *
   * @param version another one after each change
   * @param hasBytes whether any bytes are denied; {@link DenyList#find} tells which
   * @param looks all entries by a perceptual hash
   */
  record State(long version, boolean hasBytes, List<Denied> looks) {
    /** Keeps an unmodifiable copy of the list. */
    public State {
      looks = List.copyOf(looks);
    }

    /** The entry that denies this look. */
    public Optional<Denied> find(Phash phash) {
      return looks.stream().filter(one -> one.covers(phash)).findFirst();
    }
  }

  /** The list as it is. */
  State now();

  /** The entry that denies the bytes with this hash. */
  Optional<Denied> find(String hash);

  /** Adds entries, in place of those with the same ids. */
  void add(Collection<Denied> entries);

  /**
   * Removes an entry.
   *
   * @return whether there was one
   */
  boolean remove(String id);

  /**
   * Entries in the order of their ids.
   *
   * @param after id of the last one of the page before; empty for the first page
   */
  List<Denied> list(String after, int most);
}
