package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.BackgroundUploads;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.UploadRow;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads in the background on RocksDB. In {@link Family#BACKGROUND} lie the {@link UploadRow} of
 * each by its id, the filename of one that waits, and the moment at which one ended.
 */
final class RocksBackgroundUploads implements BackgroundUploads {
  private static final Logger log = LoggerFactory.getLogger(RocksBackgroundUploads.class);

  /** Prefix of the key of an upload's row, before its id. */
  static final String UPLOAD = "upload/";

  /** Prefix of keys before the filename of bytes that wait; the value is the upload's id. */
  static final String FILE = "file/";

  private static final String ENDED = "ended/";

  private final Database database;
  private final Clock clock;

  /** Uploads whose rows cannot be read; told once. */
  private final Set<String> damaged = ConcurrentHashMap.newKeySet();

  RocksBackgroundUploads(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void accept(Collection<Upload> uploads) throws MediaVanishedException {
    try {
      database.change(
          true,
          session -> {
            for (Upload upload : uploads) {
              if (!RocksJournal.named(session, upload.filename())) {
                throw new Vanished(upload.hash());
              }
              session.put(Family.BACKGROUND, UPLOAD + upload.id(), UploadRow.of(upload));
              session.put(Family.BACKGROUND, FILE + upload.filename(), upload.id());
            }
          });
    } catch (Vanished e) {
      throw new MediaVanishedException(e.getMessage());
    }
  }

  /** Rolls a transaction back, where the upload is gone. */
  private static final class Vanished extends RuntimeException {
    private static final long serialVersionUID = 1;

    Vanished(String hash) {
      super(hash);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  @Override
  public Optional<Upload> find(String id) {
    return database.read(reader -> upload(reader, id));
  }

  static Optional<Upload> upload(Reader reader, String id) throws RocksDBException {
    return find(reader, id).map(row -> row.upload(id));
  }

  private static Optional<UploadRow> find(Reader reader, String id) throws RocksDBException {
    return Optional.ofNullable(reader.row(Family.BACKGROUND, UPLOAD + id, UploadRow.class));
  }

  private static Optional<UploadRow> findWaiting(Reader reader, String id) throws RocksDBException {
    return find(reader, id).filter(row -> row.ended() == null);
  }

  @Override
  public List<Upload> waiting(String after, int most) {
    return database.read(
        reader -> {
          List<Upload> found = new ArrayList<>();
          reader.each(
              Family.BACKGROUND,
              UPLOAD + after + (after.isEmpty() ? "" : "\0"),
              (key, value) -> {
                if (!key.startsWith(UPLOAD)) {
                  return false;
                }
                String id = key.substring(UPLOAD.length());
                readable(id, () -> Optional.of(Rows.read(value, UploadRow.class)))
                    .filter(row -> row.ended() == null)
                    .ifPresent(row -> found.add(row.upload(id)));
                return found.size() < most;
              });
          return found;
        });
  }

  @Override
  public Optional<Upload> begin(String id) {
    return database.write(
        false,
        session -> {
          Optional<UploadRow> row =
              findWaiting(session, id).map(one -> one.withAttempts(one.attempts() + 1));
          if (row.isPresent()) {
            session.put(Family.BACKGROUND, UPLOAD + id, row.get());
          }
          return row.map(one -> one.upload(id));
        });
  }

  @Override
  public void takeBack(String id) {
    database.change(
        false,
        session -> {
          Optional<UploadRow> row = findWaiting(session, id).filter(one -> one.attempts() > 0);
          if (row.isPresent()) {
            session.put(
                Family.BACKGROUND, UPLOAD + id, row.get().withAttempts(row.get().attempts() - 1));
          }
        });
  }

  @Override
  public void refuse(String id, Outcome.Refused outcome) {
    Instant now = clock.instant();
    database.change(
        true,
        session -> {
          Optional<UploadRow> row = findWaiting(session, id);
          if (row.isPresent()) {
            end(session, id, row.get(), outcome, now);
          }
        });
  }

  /** Names what came of an upload, in the step in which that gets its name. */
  static void stored(Session session, String id, Outcome.Stored outcome, Instant now)
      throws RocksDBException {
    UploadRow row =
        findWaiting(session, id)
            .orElseThrow(() -> new CatalogException("nobody waits for the upload " + id));
    end(session, id, row, outcome, now);
  }

  private static void end(Session session, String id, UploadRow row, Outcome outcome, Instant now)
      throws RocksDBException {
    session.put(Family.BACKGROUND, UPLOAD + id, row.ended(now, outcome));
    session.put(Family.BACKGROUND, endedKey(now, id), "");
    session.delete(Family.BACKGROUND, FILE + row.filename());
    session.put(Family.TRASH, row.filename(), now.toString());
  }

  private static String endedKey(Instant moment, String id) {
    return endedKey(Rows.micros(moment), id);
  }

  private static String endedKey(long micros, String id) {
    return ENDED + "%016x/".formatted(micros) + id;
  }

  @Override
  public Optional<Upload> claim(String id) {
    Optional<Upload> upload = find(id);
    if (upload.isEmpty() || upload.get().outcome().isEmpty()) {
      return upload;
    }
    return database.write(
        true,
        session -> {
          Optional<Upload> found = upload(session, id);
          forgetEnded(session, id);
          return found;
        });
  }

  /** Whether something came of an upload that nobody has claimed. */
  static boolean isEnded(Reader reader, String id) throws RocksDBException {
    return find(reader, id).filter(row -> row.ended() != null).isPresent();
  }

  /** Forgets an upload unless it waits. */
  static void forgetEnded(Session session, String id) throws RocksDBException {
    Instant ended = find(session, id).map(UploadRow::ended).orElse(null);
    if (ended != null) {
      session.delete(Family.BACKGROUND, UPLOAD + id);
      session.delete(Family.BACKGROUND, endedKey(ended, id));
    }
  }

  @Override
  public List<Upload> unclaimed(Instant before, int most) {
    return database.read(
        reader -> {
          String end = endedKey(Rows.micros(before) + 1, "");
          List<Upload> found = new ArrayList<>();
          reader.each(
              Family.BACKGROUND,
              ENDED,
              (key, _) -> {
                if (key.compareTo(end) >= 0) {
                  return false;
                }
                String id = key.substring(Math.min(key.length(), end.length()));
                readable(id, () -> find(reader, id)).ifPresent(row -> found.add(row.upload(id)));
                return found.size() < most;
              });
          return found;
        });
  }

  /** Reads a row. */
  @FunctionalInterface
  private interface Reading {
    Optional<UploadRow> row() throws RocksDBException;
  }

  /** Reads a row; empty where it is damaged, so that the others are read all the same. */
  private Optional<UploadRow> readable(String id, Reading reading) throws RocksDBException {
    try {
      return reading.row();
    } catch (CatalogException e) {
      if (damaged.add(id)) {
        log.error("the row of the upload {} in the background is passed over", id, e);
      }
      return Optional.empty();
    }
  }
}
