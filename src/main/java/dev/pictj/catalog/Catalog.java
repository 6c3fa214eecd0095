package dev.pictj.catalog;

import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The catalog: aliases, the media that they point to, variants, and the journal of blobs to remove.
 * Each method is one atomic step; the ones that acknowledge an upload or a delete survive a power
 * cut once they return. Safe for use from many threads. Failures of the database itself are {@link
 * CatalogException}s.
 */
public interface Catalog extends AutoCloseable {
  /** See {@link #addVariant}. */
  int NOT_COUNTED = 0;

  /**
   * Says that bytes are about to be stored under filenames that were never used. To be called
   * before the first byte; does not wait for the disk.
   */
  void announce(Collection<String> filenames);

  /**
   * Takes announcements back whose filenames {@link #link} has not used; what was stored under them
   * enters the trash journal in the same step.
   */
  void abandon(Collection<String> filenames);

  /**
   * Gives every upload an alias. Where the hash is already known the alias joins the known media,
   * and the offered one is left out, unless the known one's bytes are those that the link says are
   * lost: then the offered filename takes the place of the lost one, whose variants are forgotten.
   * All of it happens or nothing, what a link's purpose says included. The filenames that are used
   * are announced no longer.
   *
   * @param links in reply order; two may carry the same hash
   * @return for each link the media it now points to, in the same order
   * @throws AliasTakenException when an alias exists already
   * @throws MediaVanishedException when a media to be joined is gone, a filename to be used is not
   *     announced any more, or the deny list is another one than a link was judged by
   */
  List<Media> link(List<Link> links) throws AliasTakenException, MediaVanishedException;

  /** The media that an alias points to. */
  Optional<Media> find(String alias);

  /** The media whose private filename this is. */
  Optional<Media> findByFilename(String filename);

  /** The media with this content hash. */
  Optional<Media> findByHash(String hash);

  /** The media that was made of these received bytes, if that is remembered. */
  Optional<Media> findByOrigin(String origin);

  /**
   * Remembers what a media was made of, until the media goes. Of one media a few are kept, the
   * latest. Does nothing when this very media is gone. A crash may forget it.
   *
   * @param origin tells received bytes, by their hash at its end, and the rules by which they
   *     became the media
   */
  void addOrigin(Media media, String origin);

  /**
   * Notes the preview of a media, in place of an older one. Does nothing when this very media is
   * gone. A crash may forget it.
   */
  void addPreview(Media media, Preview preview);

  /** The aliases of a media, oldest first. */
  List<String> aliases(String hash);

  /**
   * Takes an alias away. With the last one the media goes too: nothing finds it or its variants any
   * more, and its blob enters the trash journal in the same step. What its variants leave behind is
   * for {@link #clearRemoved}.
   */
  Unlinked unlink(String alias, String deleteToken);

  /** Removes an alias without its delete token, for an administrator. */
  Unlinked unlink(String alias);

  /** The secret that deletes an alias; empty when there is no such alias. */
  Optional<String> deleteToken(String alias);

  /**
   * Has another secret delete an alias from now on.
   *
   * @return false when there is no such alias
   */
  boolean setDeleteToken(String alias, String deleteToken);

  /** Notes that this name is gone for good, and is not to be taken over from another server. */
  void keepAway(String alias);

  /** Whether {@link #keepAway} was told of this name. */
  boolean isKeptAway(String alias);

  /**
   * Takes all aliases of a media away, and so the media, as {@link #unlink} does. It is one step,
   * which does not grow with them.
   *
   * @return the aliases removed, oldest first; empty when the media is unknown
   */
  default List<String> purge(String hash) {
    return purge(hash, List.of());
  }

  /**
   * Purges a media like {@link #purge(String)}, and denies these in the same step, with the
   * received bytes that the media is known to be made of where any are given; also where the media
   * is unknown.
   */
  List<String> purge(String hash, List<Denied> denied);

  /**
   * Clears a part of what deleted media have left behind: the blobs of their variants enter the
   * trash journal. Each call takes about the same short time. A crash loses nothing of what is left
   * to do.
   *
   * @return false when nothing was left
   */
  boolean clearRemoved();

  /** A variant by its key. */
  Optional<Variant> variant(VariantKey key);

  /**
   * What came of an addition.
   *
   * @param winner the variant of this key from now on: the one that was added, or the one that
   *     somebody else had added before
   * @param evicted the variants of the media that were forgotten for it
   */
  record Added(Variant winner, List<VariantKey> evicted) {
    /** Keeps an unmodifiable copy of the list. */
    public Added {
      evicted = List.copyOf(evicted);
    }
  }

  /**
   * Records a variant whose bytes are stored beside the media's file, unless there is one of this
   * key: then the blob that was offered enters the trash journal. Where a media has too many
   * variants, those that nobody has asked for the longest are forgotten, some at a time; their
   * blobs enter the trash journal.
   *
   * @param most variants of this media that are counted; {@link #NOT_COUNTED} for one that others
   *     are made from, which is not forgotten for others
   * @return empty when this very media is gone, even if the same content has come back under
   *     another filename since: then no row names the bytes
   */
  Optional<Added> addVariant(VariantKey key, Variant variant, int most);

  /**
   * Forgets a variant whose bytes are lost or damaged; what is left of them enters the trash
   * journal. Does nothing when another variant has taken its place.
   */
  void removeVariant(VariantKey key, Variant variant);

  /**
   * Notes when these variants were asked for. Those that are gone are left out, and those that were
   * asked for later than that already.
   */
  void asked(Map<VariantKey, Instant> variants);

  /**
   * What was dropped.
   *
   * @param bytes size of all of it
   */
  record Dropped(List<VariantKey> variants, long bytes) {
    /** Keeps an unmodifiable copy of the list. */
    public Dropped {
      variants = List.copyOf(variants);
    }
  }

  /**
   * Forgets variants, those first that nobody has asked for the longest, one after the other until
   * there is none left to drop, or enough was; their blobs enter the trash journal.
   *
   * @param askedBefore what was made or asked for then or later stays
   * @param bytes enough
   * @param most variants that are enough, too
   */
  Dropped dropVariants(Instant askedBefore, long bytes, int most);

  /**
   * Media, the latest upload first.
   *
   * @param after {@link Media#place} of the last one of the page before, whether or not it is still
   *     there; empty for the first page
   */
  List<Media> uploads(String after, int most);

  /**
   * Media that come before a place in the order of {@link #uploads}, the nearest first.
   *
   * @param place that {@link Media#place} gives
   */
  List<Media> uploadsBefore(String place, int most);

  /**
   * Media whose perceptual hashes differ from one in few bits, the nearest first. Hashes that are
   * not {@linkplain Phash#isComparable comparable} are near to none.
   *
   * @param distance bits, {@link Phash#MAX_DISTANCE} at most
   * @param after {@link Similar.Match#place} of the last one of the page before; empty for the
   *     first page
   */
  Similar similar(Phash phash, int distance, String after, int most);

  /** The alias whose picture stands for those that are not there. */
  Optional<String> notFound();

  /** Has the picture of this alias stand for those that are not there. */
  void setNotFound(String alias);

  /** Numbers and sizes of what the catalog holds now. */
  Totals totals();

  /** Uploads that are worked on behind their reply. */
  BackgroundUploads background();

  /** Other work that is done behind a reply. */
  OwedWork owedWork();

  /**
   * Gives up what came of an upload in the background, which nobody claims any more, and takes away
   * the alias that it has, as {@link #unlink} does. It is one step: what was claimed before keeps
   * its alias.
   *
   * @return what became of the alias; {@link Unlinked#UNKNOWN_ALIAS} where there is none, where the
   *     upload waits, and where it was claimed
   */
  Unlinked expire(String uploadId);

  /** URLs elsewhere that were asked for through this server. */
  ProxiedUrls proxied();

  /** What may not be uploaded. */
  DenyList denied();

  /** The journal of stored blobs. */
  BlobJournal journal();

  /**
   * Whether a blob without a name can safely be removed: every row that was ever acknowledged is
   * there, or an administrator has accepted that some are lost. Reads all of the catalog, which
   * takes a second for some hundred megabytes.
   *
   * @throws CatalogException when rows are there and cannot be read
   */
  boolean maySweep();

  /** Checks that the catalog can be read and written now; a full disk is no failure here. */
  void check();

  @Override
  void close();
}
