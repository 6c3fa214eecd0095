package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Denied.Kind;
import dev.pictj.catalog.DenyList;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.DeniedRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.rocksdb.RocksDBException;

/**
 * The deny list on RocksDB. Entries lie in {@link Family#DENIED} by their ids, and the version
 * among the facts; every change writes it. A lock that links share keeps it from changing between
 * the look at the version and the commit: links that locked its row would wait for each other's
 * sync.
 *
 * <p>The entries that an upload is compared with one by one are remembered as long as the version
 * stays.
 */
final class RocksDenyList implements DenyList {
  private static final String VERSION = "denied";

  private final Database database;

  /** Fair, or a flood of uploads would keep a change waiting. */
  private final ReadWriteLock changes = new ReentrantReadWriteLock(true);

  private volatile State state = new State(-1, false, List.of());

  RocksDenyList(Database database) {
    this.database = database;
  }

  /** Does something while the list cannot change. */
  <R> R unchanged(Supplier<R> work) {
    return locked(changes.readLock(), work);
  }

  /** Does something that may change the list. */
  <R> R changing(Supplier<R> work) {
    return locked(changes.writeLock(), work);
  }

  private static <R> R locked(Lock lock, Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** The version that was committed last. */
  long version() {
    return database.read(RocksDenyList::version);
  }

  private static long version(Reader reader) throws RocksDBException {
    String written = reader.text(Family.META, VERSION);
    return written == null ? 0 : Long.parseLong(written);
  }

  /** Does {@link #add(Collection)} in a transaction, while the list is {@link #changing}. */
  static void add(Session session, Collection<Denied> entries) throws RocksDBException {
    if (!entries.isEmpty()) {
      for (Denied one : entries) {
        session.put(Family.DENIED, one.id(), DeniedRow.of(one));
      }
      session.put(Family.META, VERSION, Long.toString(version(session) + 1));
    }
  }

  @Override
  public State now() {
    State known = state;
    return database.read(
        reader -> {
          // Before the entries: what changes meanwhile has a version that this is not.
          long version = version(reader);
          if (version == known.version()) {
            return known;
          }
          List<Denied> looks = entries(reader, Kind.PHASH.prefix(), "", Integer.MAX_VALUE);
          boolean hasBytes = !reader.scan(Family.DENIED, Kind.SHA256.prefix(), "", 1).isEmpty();
          State read = new State(version, hasBytes, looks);
          state = read;
          return read;
        });
  }

  private static List<Denied> entries(Reader reader, String prefix, String from, int most)
      throws RocksDBException {
    List<Denied> found = new ArrayList<>();
    for (Map.Entry<String, byte[]> one : reader.scan(Family.DENIED, prefix, from, most)) {
      DeniedRow row = Rows.read(one.getValue(), DeniedRow.class);
      entry(prefix + one.getKey(), row).ifPresent(found::add);
    }
    return found;
  }

  private static Optional<Denied> entry(String id, DeniedRow row) {
    for (Kind kind : Kind.values()) {
      if (id.startsWith(kind.prefix())) {
        return Optional.of(row.denied(kind, id.substring(kind.prefix().length())));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Denied> find(String hash) {
    String id = Kind.SHA256.prefix() + hash;
    return database.read(
        reader ->
            Optional.ofNullable(reader.row(Family.DENIED, id, DeniedRow.class))
                .flatMap(row -> entry(id, row)));
  }

  @Override
  public void add(Collection<Denied> entries) {
    boolean _ =
        changing(
            () ->
                database.write(
                    true,
                    session -> {
                      add(session, entries);
                      return true;
                    }));
  }

  @Override
  public boolean remove(String id) {
    return changing(
        () ->
            database.write(
                true,
                session -> {
                  if (session.get(Family.DENIED, id) == null) {
                    return false;
                  }
                  session.delete(Family.DENIED, id);
                  session.put(Family.META, VERSION, Long.toString(version(session) + 1));
                  return true;
                }));
  }

  @Override
  public List<Denied> list(String after, int most) {
    return database.read(reader -> entries(reader, "", after.isEmpty() ? "" : after + "\0", most));
  }
}
