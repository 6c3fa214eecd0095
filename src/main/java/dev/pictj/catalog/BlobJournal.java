package dev.pictj.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * What the catalog knows of stored blobs beside their names: which were deleted and are to be
 * removed, which were found without a name, and for how long.
 *
 * <p>A filename is used once. It is announced before its first byte is stored, named by {@link
 * Catalog#link} only while it is announced, and never named again once it is not. So what has no
 * name and is not announced stays without a name.
 *
 * <p>Ages are in running time, which is what servers on this catalog have run in all: no clock that
 * is set can make anything older.
 */
public interface BlobJournal {
  /** The place where a blob without a name was found. */
  enum Place {
    /** Among originals and variants. */
    STORED,
    /** In lost+found. */
    LOST_FOUND,
    /** Among originals, and newer than all names that the catalog had at a start: it is kept. */
    KEPT
  }

  /** Writes down how long servers have run, so that the next one goes on from there. */
  void keepRunningTime();

  /**
   * Blobs that a delete has left without a name, in order. Those that have one after all, however
   * it came, are struck from the journal in the same step and not among them.
   *
   * @param after the last one of the page before; empty for the first page
   */
  List<String> discarded(String after, int most);

  /** Strikes blobs from the journal of deletes, after their bytes are gone. */
  void forgetDiscarded(Collection<String> blobs);

  /** Which of these stored blobs have no name, are not announced and not deleted. */
  List<String> unaccounted(SortedSet<String> stored);

  /**
   * When the newest name was given, by the clock of that time; empty when there is none. Until
   * {@link #endFirstLook} it is the newest of those that were there at the start: what was given
   * later says nothing about files that a catalog from a backup does not know.
   */
  Optional<Instant> newestName();

  /** Whether no look at everything that is stored has ended since the start. */
  boolean isFirstLook();

  /** Ends the first look; what it found to be newer than all names must be noted before. */
  void endFirstLook();

  /** Notes that these were found; of those that are noted already it keeps the first time. */
  void note(Place place, Collection<String> found);

  /**
   * What was first found so long ago, or longer, in order.
   *
   * @param after the last one of the page before; empty for the first page
   */
  List<String> noted(Place place, Duration age, String after, int most);

  /** Which of these are noted. */
  Set<String> noted(Place place, Collection<String> asked);

  /** Takes back what {@link #note} has noted. */
  void forgetNotes(Place place, Collection<String> found);

  /**
   * Takes back announcements that are so old, or older, unless they led to a name. An upload that
   * is still working on one can no longer name it.
   */
  void expireAnnounced(Duration age);

  /**
   * Decides about blobs that were found, each in the step that asks whether it has a name. One that
   * has, or is announced or deleted, is noted no longer. A variant goes to the deleted ones.
   *
   * @return the originals that have no name
   */
  List<String> take(Collection<String> found);
}
