package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.media.Phash;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The row of a media, and what is kept beside it: the totals, its place among the uploads, and its
 * row by its perceptual hash.
 */
final class MediaRows {
  private MediaRows() {}

  /**
   * Writes a row, or deletes it.
   *
   * @param before what is there, null where nothing is
   * @param after what will be there, null where nothing will
   */
  static void replace(
      Session session, String hash, @Nullable MediaRow before, @Nullable MediaRow after)
      throws RocksDBException {
    Tally tally = new Tally();
    if (before != null) {
      tally.media(before, -1);
    }
    if (after == null) {
      session.delete(Family.MEDIA, hash);
    } else {
      tally.media(after, 1);
      session.put(Family.MEDIA, hash, after);
    }
    tally.addTo(session);
    listByPhash(session, hash, phash(before), phash(after));
    if (before == null || after == null || !place(hash, before).equals(place(hash, after))) {
      if (before != null) {
        session.delete(Family.UPLOAD, place(hash, before));
      }
      if (after != null) {
        enter(session, hash, after);
      }
    }
  }

  private static Optional<Phash> phash(@Nullable MediaRow media) {
    return media == null ? Optional.empty() : media.phash();
  }

  /** Whether a media is listed by its perceptual hash, if it has one. */
  static boolean isListedByPhash(Reader reader, String hash, MediaRow media)
      throws RocksDBException {
    return media.phash().isEmpty()
        || reader.get(Family.PHASH, RocksPhashes.key(media.phash().get(), hash)) != null;
  }

  /** Lists a media by its perceptual hash, which was another one before. */
  static void listByPhash(
      Session session, String hash, Optional<Phash> before, Optional<Phash> after)
      throws RocksDBException {
    if (before.isPresent() && !before.equals(after)) {
      session.delete(Family.PHASH, RocksPhashes.key(before.get(), hash));
    }
    if (after.isPresent() && !after.equals(before)) {
      session.put(Family.PHASH, RocksPhashes.key(after.get(), hash), "");
    }
  }

  /** Enters a media among the uploads. */
  static void enter(Session session, String hash, MediaRow media) throws RocksDBException {
    session.put(Family.UPLOAD, place(hash, media), hash);
  }

  /** Its key among the uploads. */
  static String place(String hash, MediaRow media) {
    return Media.place(media.details().created(), hash);
  }
}
