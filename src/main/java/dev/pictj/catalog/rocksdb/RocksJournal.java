package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.BlobJournal;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.rocksdb.Database.Change;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of blobs on RocksDB. Deleted ones have a family of their own; all else lies in {@link
 * Family#META}, where every version finds it, with the running time in seconds as its value.
 *
 * <p>None of its writes waits for the disk: what a crash takes back makes something younger, or
 * lets it be found once more.
 */
final class RocksJournal implements BlobJournal {
  private static final Logger log = LoggerFactory.getLogger(RocksJournal.class);

  private static final String ANNOUNCED = "announced/";
  private static final String RUNNING = "running";

  /** The time of the first start since which no look at everything has ended, in microseconds. */
  private static final String FIRST_LOOK = "first-look";

  /** Blobs decided about in one transaction; a transaction in whose way another comes is redone. */
  private static final int BLOBS_PER_TRANSACTION = 100;

  private final Database database;
  private final Clock clock;
  private final LongSupplier ticker;
  private final long started;
  private final long before;
  private volatile boolean firstLook = true;

  /**
   * Makes the journal of an open catalog.
   *
   * @param ticker nanoseconds that only grow, and only while this process runs
   */
  RocksJournal(Database database, Clock clock, LongSupplier ticker) {
    this.database = database;
    this.clock = clock;
    this.ticker = ticker;
    this.started = ticker.getAsLong();
    this.before = kept(database);
    beginFirstLook();
  }

  /**
   * Notes the time of this start before any name is given. RocksDB keeps the order of writes, so no
   * name outlives a crash that forgets this time.
   */
  private void beginFirstLook() {
    long now = Rows.micros(clock.instant());
    try {
      change(
          session ->
              put(session, FIRST_LOOK, Math.min(now, number(session, FIRST_LOOK, Long.MAX_VALUE))));
    } catch (CatalogException e) {
      log.error("the time of this start cannot be written: {}", e.getMessage());
    }
  }

  private void change(Change change) {
    database.change(false, change);
  }

  private static long number(Reader reader, String key, long otherwise) throws RocksDBException {
    byte[] row = reader.get(Family.META, key);
    return row == null ? otherwise : number(row);
  }

  private static void put(Session session, String key, long number) throws RocksDBException {
    session.put(Family.META, key, Long.toString(number));
  }

  @Override
  public boolean isFirstLook() {
    return firstLook;
  }

  @Override
  public void endFirstLook() {
    change(session -> session.delete(Family.META, FIRST_LOOK));
    firstLook = false;
  }

  /**
   * The running time before this start; 0 where it cannot be read, so that nothing counts as old.
   */
  private static long kept(Database database) {
    try {
      return database.read(reader -> number(reader, RUNNING, 0));
    } catch (CatalogException e) {
      log.error("the running time before this start cannot be read: {}", e.getMessage());
      return 0;
    }
  }

  /** The running time of all servers on this catalog, in seconds. */
  private long now() {
    return before + Duration.ofNanos(ticker.getAsLong() - started).toSeconds();
  }

  @Override
  public void keepRunningTime() {
    change(session -> put(session, RUNNING, now()));
  }

  private static String prefix(Place place) {
    return switch (place) {
      case STORED -> "found/";
      case LOST_FOUND -> "lost/";
      case KEPT -> "kept/";
    };
  }

  void announce(Collection<String> filenames) {
    long now = now();
    change(
        session -> {
          for (String filename : filenames) {
            put(session, ANNOUNCED + filename, now);
          }
        });
  }

  /** Strikes an announcement; false when there is none. */
  static boolean named(Session session, String filename) throws RocksDBException {
    if (session.get(Family.META, ANNOUNCED + filename) == null) {
      return false;
    }
    session.delete(Family.META, ANNOUNCED + filename);
    return true;
  }

  void abandon(Collection<String> filenames) {
    change(
        session -> {
          for (String filename : Naming.unnamed(session, filenames)) {
            if (named(session, filename)) {
              discard(session, filename);
            }
          }
        });
  }

  private void discard(Session session, String blob) throws RocksDBException {
    session.put(Family.TRASH, blob, clock.instant().toString());
  }

  @Override
  public List<String> discarded(String after, int most) {
    List<String> gone = List.of();
    for (List<String> page = trash(after, most);
        gone.isEmpty() && !page.isEmpty();
        page = trash(page.getLast(), most)) {
      List<String> some = page;
      gone = database.write(false, session -> unnamed(session, some));
    }
    return gone;
  }

  private List<String> trash(String after, int most) {
    return database.read(reader -> reader.scan(Family.TRASH, "", after + '\0', most)).stream()
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> unnamed(Session session, List<String> discarded)
      throws RocksDBException {
    Set<String> unnamed = Naming.unnamed(session, discarded);
    List<String> gone = new ArrayList<>();
    for (String blob : discarded) {
      if (session.get(Family.TRASH, blob) == null) {
        continue;
      }
      if (unnamed.contains(blob)) {
        gone.add(blob);
      } else {
        log.warn("{} was to be deleted, but is in use and stays", blob);
        session.delete(Family.TRASH, blob);
      }
    }
    return gone;
  }

  @Override
  public void forgetDiscarded(Collection<String> blobs) {
    delete(Family.TRASH, "", blobs);
  }

  private void delete(Family family, String prefix, Collection<String> keys) {
    change(
        session -> {
          for (String key : keys) {
            session.delete(family, prefix + key);
          }
        });
  }

  @Override
  public List<String> unaccounted(SortedSet<String> stored) {
    return database.read(reader -> unaccounted(reader, stored));
  }

  /**
   * Reads in the order in which a name moves from one family to the next, so that one that moves
   * meanwhile is seen at least once.
   */
  static List<String> unaccounted(Reader reader, SortedSet<String> stored) throws RocksDBException {
    Set<String> left = new TreeSet<>(stored);
    Naming.removeListed(reader, Family.META, ANNOUNCED, stored, left);
    Naming.removeNamed(reader, stored, left);
    Naming.removeListed(reader, Family.TRASH, "", stored, left);
    return List.copyOf(left);
  }

  @Override
  public Optional<Instant> newestName() {
    return database.read(RocksJournal::newestName);
  }

  static Optional<Instant> newestName(Reader reader) throws RocksDBException {
    long latest = number(reader, FIRST_LOOK, Long.MAX_VALUE);
    long[] newest = {Long.MIN_VALUE};
    reader.each(
        Family.MEDIA_ALIAS,
        "",
        (_, order) -> {
          long given = number(order);
          newest[0] = given <= latest ? Math.max(newest[0], given) : newest[0];
          return true;
        });
    return newest[0] == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(newest[0], ChronoUnit.MICROS));
  }

  @Override
  public void note(Place place, Collection<String> found) {
    long now = now();
    change(
        session -> {
          for (String one : found) {
            if (session.get(Family.META, prefix(place) + one) == null) {
              put(session, prefix(place) + one, now);
            }
          }
        });
  }

  @Override
  public List<String> noted(Place place, Duration age, String after, int most) {
    return old(prefix(place), age, after, most);
  }

  @Override
  public Set<String> noted(Place place, Collection<String> asked) {
    return database.read(reader -> noted(reader, place, asked));
  }

  static Set<String> noted(Reader reader, Place place, Collection<String> asked)
      throws RocksDBException {
    Set<String> noted = new TreeSet<>();
    for (String one : asked) {
      if (reader.get(Family.META, prefix(place) + one) != null) {
        noted.add(one);
      }
    }
    return noted;
  }

  private List<String> old(String prefix, Duration age, String after, int most) {
    long latest = now() - age.toSeconds();
    return database.read(
        reader -> {
          List<String> found = new ArrayList<>();
          reader.each(
              Family.META,
              prefix + after + (after.isEmpty() ? "" : "\0"),
              (key, since) -> {
                if (key.startsWith(prefix) && number(since) <= latest) {
                  found.add(key.substring(prefix.length()));
                }
                return key.startsWith(prefix) && found.size() < most;
              });
          return found;
        });
  }

  @Override
  public void forgetNotes(Place place, Collection<String> found) {
    delete(Family.META, prefix(place), found);
  }

  @Override
  public void expireAnnounced(Duration age) {
    for (List<String> page = old(ANNOUNCED, age, "", BLOBS_PER_TRANSACTION);
        !page.isEmpty();
        page = old(ANNOUNCED, age, page.getLast(), BLOBS_PER_TRANSACTION)) {
      delete(Family.META, ANNOUNCED, page);
    }
  }

  @Override
  public List<String> take(Collection<String> found) {
    List<String> taken = new ArrayList<>();
    List<String> all = List.copyOf(found);
    for (int i = 0; i < all.size(); i += BLOBS_PER_TRANSACTION) {
      List<String> some = all.subList(i, Math.min(all.size(), i + BLOBS_PER_TRANSACTION));
      taken.addAll(database.write(false, session -> take(session, some)));
    }
    return taken;
  }

  private List<String> take(Session session, List<String> found) throws RocksDBException {
    Set<String> unnamed = Naming.unnamed(session, found);
    List<String> originals = new ArrayList<>();
    for (String blob : found) {
      boolean accounted =
          !unnamed.contains(blob)
              || session.get(Family.META, ANNOUNCED + blob) != null
              || session.get(Family.TRASH, blob) != null;
      if (!accounted && blob.indexOf('/') < 0) {
        originals.add(blob);
        continue;
      }
      session.delete(Family.META, prefix(Place.STORED) + blob);
      if (!accounted) {
        discard(session, blob);
      }
    }
    return originals;
  }

  private static long number(byte[] value) {
    return Long.parseLong(Rows.text(value));
  }
}
