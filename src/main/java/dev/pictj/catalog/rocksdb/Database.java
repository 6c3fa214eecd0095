package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.OptimisticTransactionOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.Transaction;
import org.rocksdb.WriteOptions;

/**
 * The open database with its column families and native objects. Work is passed in and runs while
 * the database is surely open: closing waits for it, and later work fails instead of touching freed
 * memory.
 */
final class Database implements AutoCloseable {
  /** Conflicts are rare and short; so many in a row mean something else is wrong. */
  private static final int MAX_ATTEMPTS = 1000;

  /**
   * The cache is cut into as few parts as its threads need. A block larger than a part is never
   * kept, and an index or a filter that is not itself cut up takes a megabyte: with a million
   * aliases each lookup read both anew.
   */
  private static final int CACHE_SHARD_BITS = 3;

  /**
   * The part of the cache's size that rows of all families may take beside it until written out.
   */
  private static final int UNWRITTEN_PART = 4;

  private static final long LEAST_UNWRITTEN_BYTES = 1L << 20;

  /**
   * Of each family, of what is written out already and is kept to see conflicts by. Without it that
   * would be 16 MiB of each. A transaction takes milliseconds; where so much is written in that
   * time it is run again.
   */
  private static final String HISTORY_BYTES = Long.toString(1L << 20);

  private final Deque<AbstractNativeReference> resources = new ArrayDeque<>();
  private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private final RocksDB db;

  /** The same database, or null where it is only read. */
  private final OptimisticTransactionDB writable;

  private final WriteOptions synced;
  private final WriteOptions unsynced;
  private boolean closed;

  /** Work done in one transaction; may run again when another one got in its way. */
  @FunctionalInterface
  interface Work<R> {
    R in(Session session) throws RocksDBException;
  }

  /** Work that only reads. */
  @FunctionalInterface
  interface Reading<R> {
    R in(Reader reader) throws RocksDBException;
  }

  /** Reads committed values. */
  interface Reader {
    /** The value, or null. */
    byte[] get(Family family, String key) throws RocksDBException;

    /** Keys, without the prefix, and values in key order. */
    List<Map.Entry<String, byte[]>> scan(Family family, String prefix) throws RocksDBException;
  }

  /** Sees one row. */
  @FunctionalInterface
  interface RowVisitor {
    void row(String key, byte[] value);
  }

  /**
   * Reads and writes of one transaction. Values got here are guarded: a change by another one makes
   * the commit fail.
   */
  interface Session extends Reader {
    void put(Family family, String key, byte[] value) throws RocksDBException;

    void delete(Family family, String key) throws RocksDBException;

    /** Forgets all that was put and deleted so far. */
    void rollback() throws RocksDBException;
  }

  /**
   * Opens the database for everything, making it if there is none.
   *
   * @param cacheBytes of blocks read; a quarter of it more is for rows that are not written out
   */
  Database(Path folder, Path temporary, long cacheBytes) {
    this(folder, temporary, cacheBytes, false);
  }

  private Database(Path folder, Path temporary, long cacheBytes, boolean readOnly) {
    NativeLibrary.load(temporary);
    try {
      if (!readOnly) {
        Files.createDirectories(folder);
      }
      synced = own(new WriteOptions().setSync(true));
      unsynced = own(new WriteOptions());
      LRUCache cache = own(new LRUCache(cacheBytes, CACHE_SHARD_BITS));
      BloomFilter bloom = own(new BloomFilter(10));
      DBOptions options =
          own(
              new DBOptions()
                  .setCreateIfMissing(!readOnly)
                  .setCreateMissingColumnFamilies(!readOnly)
                  .setMaxOpenFiles(256)
                  .setMaxTotalWalSize(64L << 20)
                  .setDbWriteBufferSize(
                      Math.max(LEAST_UNWRITTEN_BYTES, cacheBytes / UNWRITTEN_PART))
                  .setKeepLogFileNum(3)
                  .setMaxLogFileSize(4L << 20)
                  .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
      Properties history = new Properties();
      history.setProperty("max_write_buffer_size_to_maintain", HISTORY_BYTES);
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      for (Family family : Family.values()) {
        ColumnFamilyOptions familyOptions =
            own(
                ColumnFamilyOptions.getColumnFamilyOptionsFromProps(history)
                    .setWriteBufferSize(8L << 20)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setTableFormatConfig(
                        new BlockBasedTableConfig()
                            .setBlockCache(cache)
                            .setFilterPolicy(bloom)
                            .setCacheIndexAndFilterBlocks(true)
                            .setCacheIndexAndFilterBlocksWithHighPriority(true)
                            .setIndexType(IndexType.kTwoLevelIndexSearch)
                            .setPartitionFilters(true)
                            .setPinTopLevelIndexAndFilter(true)));
        descriptors.add(new ColumnFamilyDescriptor(family.label(), familyOptions));
      }
      List<ColumnFamilyHandle> opened = new ArrayList<>();
      if (readOnly) {
        // Its own log would be a change too.
        options.setDbLogDir(temporary.toString());
        db = RocksDB.openReadOnly(options, folder.toString(), descriptors, opened);
        writable = null;
      } else {
        writable = OptimisticTransactionDB.open(options, folder.toString(), descriptors, opened);
        db = writable;
      }
      for (Family family : Family.values()) {
        handles.put(family, opened.get(handles.size()));
      }
    } catch (RocksDBException e) {
      releaseResources();
      String message = String.valueOf(e.getMessage());
      if (message.contains("lock hold by current process") || message.contains("While lock file")) {
        throw new CatalogException(
            "the data folder is in use by another running pictj; stop that one first", e);
      }
      throw new CatalogException("cannot open the catalog: " + message, e);
    } catch (IOException e) {
      releaseResources();
      throw new CatalogException("cannot make the catalog's folder: " + e.getMessage(), e);
    }
  }

  /** Opens the database for reading alone, and changes nothing in its folder. */
  static Database readOnly(Path folder, Path temporary, long cacheBytes) {
    return new Database(folder, temporary, cacheBytes, true);
  }

  private <T extends AbstractNativeReference> T own(T resource) {
    resources.push(resource);
    return resource;
  }

  private void releaseResources() {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
  }

  <R> R read(Reading<R> reading) {
    lifetime.readLock().lock();
    try {
      failIfClosed();
      return reading.in(new CommittedReader());
    } catch (RocksDBException e) {
      throw failure(e);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /**
   * Runs work in a transaction and commits it.
   *
   * @param durable whether the commit waits for the disk
   */
  <R> R write(boolean durable, Work<R> work) {
    lifetime.readLock().lock();
    try {
      failIfClosed();
      for (int attempt = 1; ; attempt++) {
        try (OptimisticTransactionOptions options = new OptimisticTransactionOptions();
            Transaction transaction =
                writable.beginTransaction(durable ? synced : unsynced, options)) {
          R result = work.in(new TransactionSession(transaction));
          transaction.commit();
          return result;
        } catch (RocksDBException e) {
          if (attempt == MAX_ATTEMPTS || !isConflict(e)) {
            throw failure(e);
          }
          Thread.onSpinWait();
        }
      }
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /** Shows every row of a family in key order, one at a time, as they were when this began. */
  void each(Family family, RowVisitor visitor) {
    lifetime.readLock().lock();
    try {
      failIfClosed();
      try (RocksIterator iterator = db.newIterator(handles.get(family))) {
        for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
          visitor.row(new String(iterator.key(), StandardCharsets.UTF_8), iterator.value());
        }
        iterator.status();
      }
    } catch (RocksDBException e) {
      throw failure(e);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /** Bytes of rows in memory that are not, or not long, written out. */
  long unwrittenBytes() {
    return read(_ -> db.getAggregatedLongProperty("rocksdb.size-all-mem-tables"));
  }

  /** Writes what is there now into a folder; files are linked where the file system can. */
  void checkpoint(Path folder) {
    read(
        _ -> {
          try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(folder.toString());
          }
          return true;
        });
  }

  /** About how many rows there are in all. */
  long estimatedRows() {
    return read(
        _ -> {
          long rows = 0;
          for (ColumnFamilyHandle handle : handles.values()) {
            rows += db.getLongProperty(handle, "rocksdb.estimate-num-keys");
          }
          return rows;
        });
  }

  private static boolean isConflict(RocksDBException e) {
    Status status = e.getStatus();
    return status != null
        && (status.getCode() == Status.Code.Busy || status.getCode() == Status.Code.TryAgain);
  }

  private void failIfClosed() {
    if (closed) {
      throw new CatalogException("the catalog is closed");
    }
  }

  private static CatalogException failure(RocksDBException e) {
    return new CatalogException("the catalog failed: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      handles.values().forEach(ColumnFamilyHandle::close);
      db.close();
      releaseResources();
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Map.Entry<String, byte[]>> collect(RocksIterator iterator, String prefix)
      throws RocksDBException {
    List<Map.Entry<String, byte[]>> found = new ArrayList<>();
    for (iterator.seek(bytes(prefix)); iterator.isValid(); iterator.next()) {
      String key = new String(iterator.key(), StandardCharsets.UTF_8);
      if (!key.startsWith(prefix)) {
        break;
      }
      found.add(Map.entry(key.substring(prefix.length()), iterator.value()));
    }
    iterator.status();
    return found;
  }

  private final class CommittedReader implements Reader {
    @Override
    public byte[] get(Family family, String key) throws RocksDBException {
      return db.get(handles.get(family), bytes(key));
    }

    @Override
    public List<Map.Entry<String, byte[]>> scan(Family family, String prefix)
        throws RocksDBException {
      try (RocksIterator iterator = db.newIterator(handles.get(family))) {
        return collect(iterator, prefix);
      }
    }
  }

  private final class TransactionSession implements Session {
    private final Transaction transaction;

    TransactionSession(Transaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public byte[] get(Family family, String key) throws RocksDBException {
      try (ReadOptions read = new ReadOptions()) {
        return transaction.getForUpdate(read, handles.get(family), bytes(key), true);
      }
    }

    @Override
    public List<Map.Entry<String, byte[]>> scan(Family family, String prefix)
        throws RocksDBException {
      try (ReadOptions read = new ReadOptions();
          RocksIterator iterator = transaction.getIterator(read, handles.get(family))) {
        return collect(iterator, prefix);
      }
    }

    @Override
    public void put(Family family, String key, byte[] value) throws RocksDBException {
      transaction.put(handles.get(family), bytes(key), value);
    }

    @Override
    public void delete(Family family, String key) throws RocksDBException {
      transaction.delete(handles.get(family), bytes(key));
    }

    @Override
    public void rollback() throws RocksDBException {
      transaction.rollback();
    }
  }
}
