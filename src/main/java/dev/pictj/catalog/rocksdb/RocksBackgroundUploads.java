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
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/**
 * Uploads in the background on RocksDB. In {@link Family#BACKGROUND} lie the {@link UploadRow} of
 * each by its id, the filename of one that waits, and the moment at which one ended.
 */
final class RocksBackgroundUploads implements BackgroundUploads {
  /** Before the key of a row. */
  static final String UPLOAD = "upload/";

  /** Before the filename of bytes that wait; their id stands there. */
  static final String FILE = "file/";

  private static final String ENDED = "ended/";

  private final Database database;
  private final Clock clock;

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

  /** Ends a transaction without a trace. */
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
                UploadRow row = Rows.read(value, UploadRow.class);
                if (row.ended() == null) {
                  found.add(row.upload(key.substring(UPLOAD.length())));
                }
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
    return ENDED + "%016x/".formatted(Rows.micros(moment)) + id;
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
          List<Upload> found = new ArrayList<>();
          for (Map.Entry<String, byte[]> one : reader.scan(Family.BACKGROUND, ENDED, "", most)) {
            int slash = one.getKey().indexOf('/');
            if (Long.parseLong(one.getKey().substring(0, slash), 16) > Rows.micros(before)) {
              break;
            }
            String id = one.getKey().substring(slash + 1);
            find(reader, id).ifPresent(row -> found.add(row.upload(id)));
          }
          return found;
        });
  }
}
