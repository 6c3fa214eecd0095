/**
 * The catalog on RocksDB. {@link dev.pictj.catalog.rocksdb.RocksCatalog} and {@link
 * dev.pictj.catalog.rocksdb.RocksJournal} are what the server asks, {@link
 * dev.pictj.catalog.rocksdb.RocksInspection} is what {@code check} asks. All of them read and write
 * {@linkplain dev.pictj.catalog.rocksdb.Rows rows} of {@linkplain dev.pictj.catalog.rocksdb.Family
 * families} in transactions of the {@link dev.pictj.catalog.rocksdb.Database}, which opens RocksDB
 * again after a write has failed.
 *
 * <p>RocksDB alone opens a folder that has lost files as if nothing were missing. So {@link
 * dev.pictj.catalog.rocksdb.Opening} looks at the files first: at the end of the {@linkplain
 * dev.pictj.catalog.rocksdb.LogTail log}, and at how many changes were {@linkplain
 * dev.pictj.catalog.rocksdb.Acknowledged acknowledged}. A {@linkplain
 * dev.pictj.catalog.rocksdb.Loss loss} ends the start, or is noted until an administrator accepts
 * it.
 */
@NullMarked
package dev.pictj.catalog.rocksdb;

import org.jspecify.annotations.NullMarked;
