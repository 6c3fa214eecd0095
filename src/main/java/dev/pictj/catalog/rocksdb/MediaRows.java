package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The row of a media, and what is kept beside it: the totals, and its place among the uploads. */
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
    if (before == null || after == null || !place(hash, before).equals(place(hash, after))) {
      if (before != null) {
        session.delete(Family.UPLOAD, place(hash, before));
      }
      if (after != null) {
        enter(session, hash, after);
      }
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
