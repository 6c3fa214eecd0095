package dev.pictj.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Stores blobs. A blob is whole, and never changes, from the moment it can be seen. Safe for use
 * from many threads.
 */
public interface BlobStore {
  /**
   * Stores a file under a name and takes the file away. When this returns the bytes survive a power
   * cut.
   *
   * @param source a closed file that nobody else uses; gone afterwards when this succeeds
   */
  default void put(BlobName name, Path source) throws IOException {
    put(Map.of(name, source));
  }

  /** Does {@link #put(Map, Durability)} so that the blobs survive a power cut. */
  default void put(Map<BlobName, Path> sources) throws IOException {
    put(sources, Durability.SYNCED);
  }

  /**
   * Does {@link #put(BlobName, Path)} for several, which waits for the disk less often than one
   * after another. When it fails some of them may be stored.
   *
   * @param durability what of them survives a power cut
   */
  void put(Map<BlobName, Path> sources, Durability durability) throws IOException;

  /**
   * Tells, before any work is done for it, whether {@link #put} would be refused now.
   *
   * @throws StoreReadOnlyException when it would
   */
  void requireWritable() throws IOException;

  /**
   * Opens a blob for reading at any offset.
   *
   * @throws MissingBlobException when there is none of this name
   */
  Blob open(BlobName name) throws IOException;

  /**
   * Opens a blob whose length is known.
   *
   * @throws MissingBlobException also when it has another length: a part of it is lost
   */
  default Blob open(BlobName name, long size) throws IOException {
    return ofSize(size, open(name), name);
  }

  /**
   * Does {@link #open(BlobName, long)}, but never from memory: for readers that may hold it long.
   */
  default Blob openFile(BlobName name, long size) throws IOException {
    return ofSize(size, openFile(name), name);
  }

  /** Does {@link #open(BlobName)}, but never from memory. */
  default Blob openFile(BlobName name) throws IOException {
    return open(name);
  }

  private static Blob ofSize(long size, Blob blob, BlobName name) throws IOException {
    if (blob.size() != size) {
      blob.close();
      throw new MissingBlobException(name);
    }
    return blob;
  }

  /**
   * Does something with a file that holds a blob, for tools that read files. The file is there only
   * as long as that takes, and must not be changed.
   *
   * @throws MissingBlobException when there is none of this name
   */
  <E extends Exception> void withFile(BlobName name, FileWork<E> work) throws IOException, E;

  /** Work with a file that holds a blob. */
  @FunctionalInterface
  interface FileWork<E extends Exception> {
    /** Uses the file, which may be gone when this returns. */
    void with(Path file) throws IOException, E;
  }

  /** The length in bytes, empty when there is no such blob. */
  OptionalLong size(BlobName name) throws IOException;

  /** Removes a blob; a missing one is no error. */
  void delete(BlobName name) throws IOException;

  /**
   * A stored blob in a listing.
   *
   * @param written when it was last written, by the clock of that time
   */
  record Listed(BlobName name, Instant written) {}

  /** Takes a listing page by page. */
  @FunctionalInterface
  interface Pages<T> {
    /** Takes a page, of at least one blob. */
    void page(List<T> some) throws IOException;
  }

  /** Lists all originals and then all variants, each in the order of their names as text. */
  void list(int atOnce, Pages<Listed> pages) throws IOException;

  /** Moves a blob that nobody reads to lost+found; a missing one is no error. */
  void setAside(BlobName name) throws IOException;

  /**
   * Moves a damaged blob to lost+found, where it stays until an administrator deletes it; a missing
   * one is no error.
   */
  void setDamagedAside(BlobName name) throws IOException;

  /** Whether {@link #setDamagedAside} has moved a blob of this name, and it is still there. */
  boolean isDamagedAside(BlobName name) throws IOException;

  /** Where a blob is or would be, for an administrator. */
  String place(BlobName name);

  /** Lists what {@link #setAside} has moved to lost+found, in no order. */
  void listSetAside(int atOnce, Pages<String> pages) throws IOException;

  /** Deletes what {@link #listSetAside} told; one that is missing, or is not ours, is no error. */
  void deleteSetAside(String entry) throws IOException;

  /** Checks that the store can be read now; throws when it cannot. */
  void check() throws IOException;
}
