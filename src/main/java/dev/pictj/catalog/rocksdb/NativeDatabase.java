package dev.pictj.catalog.rocksdb;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.TransactionDB;
import org.rocksdb.TransactionDBOptions;
import org.rocksdb.UInt64AddOperator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB's own objects of one opening of the database. Not safe to use once it is closed. */
final class NativeDatabase implements AutoCloseable {
  /**
   * The cache is cut into as few parts as its threads need. A block larger than a part is never
   * kept, and an index or a filter that is not itself cut up takes a megabyte: with a million
   * aliases each lookup read both anew.
   */
  private static final int CACHE_SHARD_BITS = 3;

  /**
   * Rows of all families that are not written out yet may take the cache's size divided by this,
   * beside the cache.
   */
  private static final int CACHE_PER_UNWRITTEN = 4;

  private static final long MIN_UNWRITTEN_BYTES = 1L << 20;

  /**
   * Bytes of each family that stay in memory although they are written out. Transactions that lock
   * rows never look at them, so one byte is asked for; 0 would stand for 16 MiB of each family.
   */
  private static final String HISTORY_BYTES = "1";

  /** How a folder is opened. */
  enum Mode {
    /** Everything that was ever written must be there, but for the end of the log. */
    STRICT,
    /** What comes before the first damage of the log, and only as far as that. */
    SALVAGE,
    /** Like the strict mode, and nothing in the folder is changed. */
    READ_ONLY,
    /** What a salvage would find, and nothing in the folder is changed. */
    SALVAGE_READ_ONLY;

    boolean reads() {
      return this == READ_ONLY || this == SALVAGE_READ_ONLY;
    }

    boolean salvages() {
      return this == SALVAGE || this == SALVAGE_READ_ONLY;
    }
  }

  private final Deque<AbstractNativeReference> resources = new ArrayDeque<>();
  private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
  private final WriteOptions synced = own(new WriteOptions().setSync(true));
  private final WriteOptions unsynced = own(new WriteOptions());
  private final WriteOptions unlogged = own(new WriteOptions().setDisableWAL(true));
  private final RocksDB db;

  /** Where it really is open when it is only read, otherwise null. */
  private @Nullable ShadowFolder shadow;

  /** The database as one that can be written to, or null where it is only read. */
  private final @Nullable TransactionDB writable;

  /**
   * Opens a database.
   *
   * @param families those to open
   * @param missing whether to make the database, and those families of it, that are not there
   */
  private NativeDatabase(
      Path folder,
      Path temporary,
      long cacheBytes,
      Mode mode,
      List<Family> families,
      boolean missing)
      throws RocksDBException {
    try {
      LRUCache cache = own(new LRUCache(cacheBytes, CACHE_SHARD_BITS));
      BloomFilter bloom = own(new BloomFilter(10));
      DBOptions options =
          own(
              options(mode)
                  .setCreateIfMissing(missing)
                  .setCreateMissingColumnFamilies(missing)
                  .setMaxOpenFiles(256)
                  .setMaxTotalWalSize(64L << 20)
                  .setDbWriteBufferSize(
                      Math.max(MIN_UNWRITTEN_BYTES, cacheBytes / CACHE_PER_UNWRITTEN))
                  .setKeepLogFileNum(3)
                  .setMaxLogFileSize(4L << 20)
                  .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
      Properties history = new Properties();
      history.setProperty("max_write_buffer_size_to_maintain", HISTORY_BYTES);
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      for (Family family : families) {
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
        if (family == Family.TOTAL) {
          familyOptions.setMergeOperator(own(new UInt64AddOperator()));
        }
        descriptors.add(new ColumnFamilyDescriptor(Rows.bytes(family.label()), familyOptions));
      }
      List<ColumnFamilyHandle> opened = new ArrayList<>();
      if (mode.reads()) {
        // RocksDB's own log file would be a change of the folder too.
        options.setDbLogDir(temporary.toString());
        shadow = ShadowFolder.of(folder, temporary);
        db = RocksDB.openReadOnly(options, shadow.path().toString(), descriptors, opened);
        writable = null;
      } else {
        writable =
            TransactionDB.open(
                options, own(new TransactionDBOptions()), folder.toString(), descriptors, opened);
        db = writable;
      }
      for (int i = 0; i < opened.size(); i++) {
        handles.put(families.get(i), opened.get(i));
      }
    } catch (RocksDBException e) {
      releaseResources();
      throw e;
    }
  }

  /**
   * With verified logs RocksDB misses one that is gone, and one that ends before its successor
   * began. The option is known to RocksDB and not to its Java part.
   */
  private static DBOptions options(Mode mode) {
    Properties properties = new Properties();
    properties.setProperty("track_and_verify_wals", Boolean.toString(!mode.salvages()));
    return DBOptions.getDBOptionsFromProps(properties)
        .setWalRecoveryMode(
            mode.salvages()
                ? WALRecoveryMode.PointInTimeRecovery
                : WALRecoveryMode.TolerateCorruptedTailRecords);
  }

  /** Makes a database in an empty folder, or finishes one whose making was cut off. */
  static NativeDatabase make(Path folder, Path temporary, long cacheBytes) throws RocksDBException {
    return new NativeDatabase(
        folder, temporary, cacheBytes, Mode.STRICT, List.of(Family.values()), true);
  }

  /** Opens a database. Families newer than it are made, except for reading only. */
  static NativeDatabase open(Path folder, Path temporary, long cacheBytes, Mode mode)
      throws RocksDBException {
    List<Family> families = List.of(Family.values());
    if (mode.reads()) {
      List<Family> present = present(folder);
      // Without the first one the MANIFEST is damaged, which RocksDB says when it opens.
      families = present.contains(Family.DEFAULT) ? present : families;
    }
    return new NativeDatabase(folder, temporary, cacheBytes, mode, families, !mode.reads());
  }

  /**
   * The families that a database has.
   *
   * @throws dev.pictj.catalog.CatalogException when a later version has added one
   */
  static List<Family> present(Path folder) throws RocksDBException {
    try (Options options = new Options()) {
      List<String> labels =
          RocksDB.listColumnFamilies(options, folder.toString()).stream().map(Rows::text).toList();
      Set<String> known =
          Arrays.stream(Family.values()).map(Family::label).collect(Collectors.toSet());
      Optional<String> unknown = labels.stream().filter(label -> !known.contains(label)).findAny();
      if (unknown.isPresent()) {
        throw Loss.tooNew(
            "has rows of %s, which this version of pictj does not know".formatted(unknown.get()));
      }
      return Arrays.stream(Family.values())
          .filter(family -> labels.contains(family.label()))
          .toList();
    }
  }

  private <T extends AbstractNativeReference> T own(T resource) {
    resources.push(resource);
    return resource;
  }

  private void releaseResources() {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
    if (shadow != null) {
      shadow.close();
    }
  }

  RocksDB db() {
    return db;
  }

  TransactionDB writable() {
    return requireNonNull(writable);
  }

  /** The options of a write that waits for the disk, or does not. */
  WriteOptions options(boolean durable) {
    return durable ? synced : unsynced;
  }

  /** The handle of a family, null where the database is older than it and only read. */
  @Nullable ColumnFamilyHandle handle(Family family) {
    return handles.get(family);
  }

  /** The handles of all families. */
  List<ColumnFamilyHandle> handles() {
    return List.copyOf(handles.values());
  }

  /** The names of the tables that rows are read from now. */
  List<String> tables() {
    return db.getLiveFilesMetaData().stream().map(table -> table.fileName().substring(1)).toList();
  }

  /**
   * Reads all of a table, a file of some megabytes, and compares its checksums; without the
   * database it belongs to.
   *
   * @throws RocksDBException when it is damaged or cannot be read
   */
  static void verify(Path table) throws RocksDBException {
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(table.toString());
      reader.verifyChecksum();
    }
  }

  /**
   * Fails when RocksDB takes no writes because one in the background has failed. Writes nothing.
   */
  void requireWritable() throws RocksDBException {
    try (WriteBatch nothing = new WriteBatch()) {
      db.write(unlogged, nothing);
    }
  }

  /** Writes all rows into tables, so that nothing is in the log alone. */
  void flush() throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, handles());
    }
  }

  @Override
  public void close() {
    handles.values().forEach(ColumnFamilyHandle::close);
    db.close();
    releaseResources();
  }
}
