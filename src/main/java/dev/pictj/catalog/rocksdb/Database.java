package dev.pictj.catalog.rocksdb;

import static java.util.Objects.requireNonNull;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.CatalogUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.Transaction;
import org.rocksdb.TransactionOptions;
import org.rocksdb.WriteBatchWithIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open database. Work is passed in and runs while the database is surely open: closing waits
 * for it, and later work fails instead of touching freed memory.
 *
 * <p>After an I/O error in a write RocksDB takes no more of them until it is opened again, even if
 * the disk works by then. So it is opened again here, at once and then ever less often until that
 * succeeds; what is asked meanwhile fails with {@link CatalogUnavailableException}. A full disk is
 * left to RocksDB, which goes on by itself.
 */
final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /** Transactions seldom wait for each other in a circle; so many in a row mean something else. */
  private static final int MAX_ATTEMPTS = 1000;

  private static final Duration MAX_REOPEN_PAUSE = Duration.ofSeconds(30);
  private static final int WRITER_IDLE_SECONDS = 10;
  private static final String CLOSED = "the catalog is closed";

  private final Opening opening;
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private final AtomicBoolean healing = new AtomicBoolean();

  /**
   * Platform threads on which transactions run. RocksDB syncs its log once for all commits that
   * wait at the same time, and a commit waits in native code, where a virtual thread would keep its
   * carrier: with two processors no more than two commits, and nothing else, would get on.
   */
  private final ThreadPoolExecutor writers;

  /** How often in a row it was opened again without a durable write since. */
  private final AtomicInteger relapses = new AtomicInteger();

  /** A read that has failed and is tried again by {@link #check}. */
  private final AtomicReference<@Nullable Reading<?>> failedRead = new AtomicReference<>();

  private final boolean unguarded;
  private final KnownDamage damage;

  private volatile @Nullable String loss;

  /** The last failure that stopped writes. */
  private volatile @Nullable RocksDBException failure;

  /** The last thread that opened the database again. */
  private volatile @Nullable Thread healer;

  /** The open database; null while it cannot be opened again, and when it is closed. */
  private @Nullable NativeDatabase open;

  /** What writes acknowledged changes down; null where the database is only read. */
  private @Nullable Acknowledged acknowledged;

  private volatile Observer observer = (_, _, _) -> {};
  private boolean closed;

  /** Work done in one transaction; may run again when two wait for each other's rows. */
  @FunctionalInterface
  interface Work<R> {
    R in(Session session) throws RocksDBException;
  }

  /** Work that has no result. */
  @FunctionalInterface
  interface Change {
    void in(Session session) throws RocksDBException;
  }

  /** Work that only reads. */
  @FunctionalInterface
  interface Reading<R> {
    R in(Reader reader) throws RocksDBException;
  }

  /** Reads rows: committed ones, or those that a transaction sees. */
  interface Reader {
    /** The value, or null. */
    byte @Nullable [] get(Family family, String key) throws RocksDBException;

    /** Shows rows in key order from this key on, until the visitor has seen enough. */
    void each(Family family, String from, Visitor visitor) throws RocksDBException;

    /** Shows rows in reverse order, beginning with the last one before this key. */
    void eachBefore(Family family, String key, Visitor visitor) throws RocksDBException;

    /** The value as text, or null. */
    default @Nullable String text(Family family, String key) throws RocksDBException {
      byte[] value = get(family, key);
      return value == null ? null : Rows.text(value);
    }

    /** The value as a row, or null. */
    default <T> @Nullable T row(Family family, String key, Class<T> type) throws RocksDBException {
      byte[] value = get(family, key);
      return value == null ? null : Rows.read(value, type);
    }

    /** Keys, without the prefix, and values in key order. */
    default List<Map.Entry<String, byte[]>> scan(Family family, String prefix)
        throws RocksDBException {
      return scan(family, prefix, "", Integer.MAX_VALUE);
    }

    /**
     * A page of the rows whose keys have a prefix.
     *
     * @param from the first key that may be among them, without the prefix
     */
    default List<Map.Entry<String, byte[]>> scan(
        Family family, String prefix, String from, int most) throws RocksDBException {
      List<Map.Entry<String, byte[]>> found = new ArrayList<>();
      each(
          family,
          prefix + from,
          (key, value) -> {
            if (!key.startsWith(prefix)) {
              return false;
            }
            found.add(Map.entry(key.substring(prefix.length()), value));
            return found.size() < most;
          });
      return found;
    }

    /** How many rows there are whose keys begin with this. */
    default long count(Family family, String prefix) throws RocksDBException {
      long[] count = new long[1];
      each(family, prefix, (key, _) -> key.startsWith(prefix) && ++count[0] > 0);
      return count[0];
    }
  }

  /** An observer that is told of each attempt of each transaction. */
  @FunctionalInterface
  interface Observer {
    void attempted(boolean durable, int rowsRead, int rowsWritten);
  }

  /** Sees rows one at a time. */
  @FunctionalInterface
  interface Visitor {
    /** Takes a row; returns whether it wants the next one. */
    boolean row(String key, byte[] value) throws RocksDBException;
  }

  /**
   * Reads and writes of one transaction. Rows got or written here are locked: nobody else gets or
   * writes them in a transaction until this one has ended.
   */
  interface Session extends Reader {
    void put(Family family, String key, byte[] value) throws RocksDBException;

    void delete(Family family, String key) throws RocksDBException;

    /** Adds to a number in {@link Family#TOTAL}, whatever others add meanwhile. */
    void add(String key, long number);

    /** Puts a value that is text. */
    default void put(Family family, String key, String text) throws RocksDBException {
      put(family, key, Rows.bytes(text));
    }

    /** Puts a value that is one of {@link Rows}. */
    default void put(Family family, String key, Record row) throws RocksDBException {
      put(family, key, Rows.write(row));
    }
  }

  private Database(Opening opening, int writers, boolean readOnly) {
    this.opening = opening;
    this.writers =
        new ThreadPoolExecutor(
            writers,
            writers,
            WRITER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("catalog-", 0).factory());
    this.writers.allowCoreThreadTimeOut(true);
    this.damage = new KnownDamage(opening.folder());
    if (readOnly) {
      loss = opening.loss().orElse(null);
      open = opening.forReading();
      unguarded = false;
    } else {
      unguarded = opening.unguarded();
      loss = openForWriting();
      if (loss != null) {
        log.error(
            "the catalog may have lost what was acknowledged last: {}. It works with what is left;"
                + " nothing is swept. Put it back from a backup, or accept the loss by one start"
                + " with --accept-loss",
            loss);
      }
    }
  }

  /**
   * Opens the database for everything, making it if there is none.
   *
   * @param writers transactions at a time; more wait
   */
  static Database open(Opening opening, int writers) {
    return new Database(opening, writers, false);
  }

  /** Opens the database for reading alone, and changes nothing in its folder. */
  static Database readOnly(Opening opening) {
    return new Database(opening, 1, true);
  }

  /** Returns what it has lost and nobody has accepted yet, or null. */
  private @Nullable String openForWriting() {
    NativeDatabase opened = opening.forWriting();
    try {
      String noted = Loss.noted(opening.folder()).orElse(null);
      acknowledged = Acknowledged.from(opening.folder(), opened.db().getLatestSequenceNumber());
      open = opened;
      return noted;
    } catch (IOException e) {
      opened.close();
      throw new CatalogException("cannot work in the catalog's folder: " + e.getMessage(), e);
    }
  }

  /** What the database has lost, or may have lost, and nobody has accepted yet, in words. */
  Optional<String> loss() {
    return Optional.ofNullable(loss);
  }

  /** Whether it was unknown, when it was opened, if its log had lost its end. */
  boolean unguarded() {
    return unguarded;
  }

  /** Reads outside of a transaction. A read that fails is tried again by {@link #check}. */
  <R> R read(Reading<R> reading) {
    return whileOpen(
        opened -> {
          try {
            return reading.in(new CommittedReader(opened));
          } catch (RocksDBException e) {
            failedRead.set(reading);
            throw e;
          }
        });
  }

  /** Work with RocksDB's own object. */
  @FunctionalInterface
  private interface NativeCall<R> {
    R on(NativeDatabase opened) throws RocksDBException;
  }

  private <R> R whileOpen(NativeCall<R> call) {
    lifetime.readLock().lock();
    try {
      return call.on(requireOpen());
    } catch (RocksDBException e) {
      throw inWords(e);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /**
   * Runs work in a transaction and commits it. An interrupted caller waits for the commit too,
   * because it could not know otherwise whether the change was made.
   *
   * @param durable whether the commit waits for the disk
   * @throws CatalogUnavailableException when the disk failed; what was written may be there or not
   */
  <R> R write(boolean durable, Work<R> work) {
    try {
      return CompletableFuture.supplyAsync(() -> commit(durable, work), writers).join();
    } catch (RejectedExecutionException e) {
      throw new CatalogException(CLOSED, e);
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  /** Does {@link #write} for work that has no result. */
  void change(boolean durable, Change change) {
    boolean _ =
        write(
            durable,
            session -> {
              change.in(session);
              return true;
            });
  }

  private <R> R commit(boolean durable, Work<R> work) {
    lifetime.readLock().lock();
    try {
      NativeDatabase opened = requireOpen();
      if (healing.get()) {
        throw unavailable();
      }
      try {
        R result = attempt(opened, durable, work);
        if (durable) {
          requireNonNull(acknowledged).upTo(opened.db().getLatestSequenceNumber());
          relapses.set(0);
        }
        return result;
      } catch (RocksDBException e) {
        throw isStopped(opened) ? unavailable() : inWords(e);
      }
    } finally {
      lifetime.readLock().unlock();
    }
  }

  private <R> R attempt(NativeDatabase opened, boolean durable, Work<R> work)
      throws RocksDBException {
    for (int attempt = 1; ; attempt++) {
      try (TransactionOptions options = new TransactionOptions().setDeadlockDetect(true);
          Transaction transaction =
              opened.writable().beginTransaction(opened.options(durable), options)) {
        TransactionSession session = new TransactionSession(opened, transaction);
        R result = work.in(session);
        session.writeSums();
        observer.attempted(durable, session.read, session.written);
        transaction.commit();
        return result;
      } catch (RocksDBException e) {
        if (attempt == MAX_ATTEMPTS || !isConflict(e)) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  /** Sets the observer. */
  void observe(Observer observes) {
    observer = observes;
  }

  /** Whether RocksDB takes no more writes and will not by itself; then it is opened again. */
  private boolean isStopped(NativeDatabase opened) {
    try {
      opened.requireWritable();
      return false;
    } catch (RocksDBException e) {
      if (isFull(e)) {
        return false;
      }
      heal(e);
      return true;
    }
  }

  private static boolean isFull(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getSubCode() == Status.SubCode.NoSpace;
  }

  private void heal(RocksDBException cause) {
    failure = cause;
    if (!healing.compareAndSet(false, true)) {
      return;
    }
    log.error("writes to the catalog have failed; it is opened again: {}", cause.getMessage());
    healer = Thread.ofPlatform().daemon().name("catalog-heal").start(this::reopenUntilItWorks);
  }

  private void reopenUntilItWorks() {
    try {
      while (true) {
        int before = relapses.getAndIncrement();
        if (before > 0) {
          Thread.sleep(pause(before));
        }
        if (reopen()) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      healing.set(false);
    }
  }

  /** The pause before a try to open again: a second at first, twice as long after each failure. */
  static Duration pause(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 10));
    return pause.compareTo(MAX_REOPEN_PAUSE) < 0 ? pause : MAX_REOPEN_PAUSE;
  }

  /** Tries to open the database again; returns whether no other try is needed. */
  private boolean reopen() {
    lifetime.writeLock().lock();
    try {
      if (closed) {
        return true;
      }
      closeNative();
      loss = openForWriting();
      log.warn("the catalog is open again");
      return true;
    } catch (CatalogException e) {
      log.error("the catalog cannot be opened again yet: {}", e.getMessage());
      return false;
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  /**
   * Proves that rows can be read and written now; nothing is written for it. A read that has failed
   * before is tried again.
   *
   * @throws CatalogException when they cannot, except for want of room on the disk
   */
  void check() {
    damage.requireNone();
    Reading<?> failed = failedRead.get();
    if (failed != null) {
      read(failed);
      failedRead.compareAndSet(failed, null);
    }
    if (whileOpen(opened -> healing.get() || isStopped(opened))) {
      throw unavailable();
    }
  }

  /**
   * Reads all tables one after another and compares their checksums, without keeping anyone from
   * closing the database meanwhile. Takes a second for some hundred megabytes. Ends early when the
   * thread is interrupted.
   *
   * @throws CatalogException that names the first one that is damaged
   */
  void verify() {
    for (String table : tables()) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      try {
        NativeDatabase.verify(opening.folder().path().resolve(table));
      } catch (RocksDBException e) {
        // A compaction may have removed the table.
        if (tables().contains(table)) {
          throw damage.found(table + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private List<String> tables() {
    return whileOpen(NativeDatabase::tables);
  }

  /** Writes all rows of this moment into a folder; files are linked where the file system can. */
  void checkpoint(Path folder) {
    long before =
        whileOpen(
            opened -> {
              long sequence = opened.db().getLatestSequenceNumber();
              try (Checkpoint checkpoint = Checkpoint.create(opened.db())) {
                checkpoint.createCheckpoint(folder.toString());
              }
              return sequence;
            });
    CatalogFolder copy = new CatalogFolder(folder, false, opening.folder().groupAccess());
    try {
      long there = before;
      for (Path file : copy.files(".log")) {
        there = Math.max(there, LogTail.of(file).lastSequence());
      }
      Acknowledged.leave(copy, there);
      copy.protect();
    } catch (IOException e) {
      throw new CatalogException("cannot protect the copy of the catalog: " + e.getMessage(), e);
    }
  }

  /** About how many rows there are in all. */
  long estimatedRows() {
    return whileOpen(
        opened -> {
          long rows = 0;
          for (ColumnFamilyHandle handle : opened.handles()) {
            rows += opened.db().getLongProperty(handle, "rocksdb.estimate-num-keys");
          }
          return rows;
        });
  }

  private static boolean isConflict(RocksDBException e) {
    Status status = e.getStatus();
    return status != null
        && (status.getCode() == Status.Code.Busy || status.getCode() == Status.Code.TimedOut);
  }

  private NativeDatabase requireOpen() {
    if (closed) {
      throw new CatalogException(CLOSED);
    }
    if (open == null) {
      throw unavailable();
    }
    return open;
  }

  private CatalogException inWords(RocksDBException e) {
    if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption) {
      return damage.found(e.getMessage(), e);
    }
    return new CatalogException("the catalog failed: " + e.getMessage(), e);
  }

  private CatalogUnavailableException unavailable() {
    return new CatalogUnavailableException("the catalog is being opened again", failure);
  }

  @Override
  public void close() {
    Thread waiting = healer;
    if (waiting != null) {
      waiting.interrupt();
    }
    writers.close();
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        closeNative();
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  /** Writes all rows of the log into tables. Where the disk fails, the log still has them. */
  private void closeNative() {
    if (open == null) {
      return;
    }
    if (acknowledged != null) {
      try (Acknowledged _ = acknowledged) {
        open.flush();
      } catch (RocksDBException | IOException e) {
        log.warn("the catalog was not written out before it closed: {}", e.getMessage());
      }
      acknowledged = null;
    }
    open.close();
    open = null;
  }

  private static void visit(RocksIterator iterator, String from, Visitor visitor)
      throws RocksDBException {
    iterator.seek(Rows.bytes(from));
    while (iterator.isValid() && visitor.row(Rows.text(iterator.key()), iterator.value())) {
      iterator.next();
    }
    iterator.status();
  }

  private static void visitBefore(RocksIterator iterator, String key, Visitor visitor)
      throws RocksDBException {
    iterator.seekForPrev(Rows.bytes(key));
    if (iterator.isValid() && Rows.text(iterator.key()).equals(key)) {
      iterator.prev();
    }
    while (iterator.isValid() && visitor.row(Rows.text(iterator.key()), iterator.value())) {
      iterator.prev();
    }
    iterator.status();
  }

  private record CommittedReader(NativeDatabase opened) implements Reader {
    @Override
    public byte @Nullable [] get(Family family, String key) throws RocksDBException {
      ColumnFamilyHandle handle = opened.handle(family);
      return handle == null ? null : opened.db().get(handle, Rows.bytes(key));
    }

    @Override
    public void each(Family family, String from, Visitor visitor) throws RocksDBException {
      ColumnFamilyHandle handle = opened.handle(family);
      if (handle != null) {
        try (RocksIterator iterator = opened.db().newIterator(handle)) {
          visit(iterator, from, visitor);
        }
      }
    }

    @Override
    public void eachBefore(Family family, String key, Visitor visitor) throws RocksDBException {
      ColumnFamilyHandle handle = opened.handle(family);
      if (handle != null) {
        try (RocksIterator iterator = opened.db().newIterator(handle)) {
          visitBefore(iterator, key, visitor);
        }
      }
    }
  }

  private static final class TransactionSession implements Session {
    private final NativeDatabase opened;
    private final Transaction transaction;
    private final Map<String, Long> sums = new HashMap<>();
    private int read;
    private int written;

    TransactionSession(NativeDatabase opened, Transaction transaction) {
      this.opened = opened;
      this.transaction = transaction;
    }

    @Override
    public byte @Nullable [] get(Family family, String key) throws RocksDBException {
      read++;
      try (ReadOptions options = new ReadOptions()) {
        return transaction.getForUpdate(options, opened.handle(family), Rows.bytes(key), true);
      }
    }

    @Override
    public void each(Family family, String from, Visitor visitor) throws RocksDBException {
      try (ReadOptions options = new ReadOptions();
          RocksIterator iterator = transaction.getIterator(options, opened.handle(family))) {
        visit(
            iterator,
            from,
            (key, value) -> {
              read++;
              return visitor.row(key, value);
            });
      }
    }

    @Override
    public void eachBefore(Family family, String key, Visitor visitor) throws RocksDBException {
      try (ReadOptions options = new ReadOptions();
          RocksIterator iterator = transaction.getIterator(options, opened.handle(family))) {
        visitBefore(
            iterator,
            key,
            (found, value) -> {
              read++;
              return visitor.row(found, value);
            });
      }
    }

    @Override
    public void put(Family family, String key, byte[] value) throws RocksDBException {
      written++;
      transaction.put(opened.handle(family), Rows.bytes(key), value);
    }

    @Override
    public void delete(Family family, String key) throws RocksDBException {
      written++;
      transaction.delete(opened.handle(family), Rows.bytes(key));
    }

    @Override
    public void add(String key, long number) {
      sums.merge(key, number, Long::sum);
    }

    /**
     * Adds without reading what is there. It goes past the transaction, which would lock the row
     * until the disk has the commit, and with it all others that add to the same number.
     */
    void writeSums() throws RocksDBException {
      WriteBatchWithIndex batch = transaction.getWriteBatch();
      for (Map.Entry<String, Long> sum : sums.entrySet()) {
        if (sum.getValue() != 0) {
          written++;
          batch.merge(
              opened.handle(Family.TOTAL), Rows.bytes(sum.getKey()), Rows.bytes(sum.getValue()));
        }
      }
    }
  }
}
