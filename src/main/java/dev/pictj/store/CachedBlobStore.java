package dev.pictj.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps small blobs that are opened often in memory, so that a picture in demand costs
 * no calls to the file system.
 *
 * <p>The bytes under a name never change, so what is kept is wrong only once its name is gone: it
 * is dropped before {@link #delete} returns, even where it is being loaded at that moment, for the
 * cache runs the two one after the other. Bytes that somebody else removes from the disk are served
 * as long as they are remembered.
 */
public final class CachedBlobStore extends ForwardingBlobStore {
  /** About what an entry takes beside its bytes: its name and its places in the cache. */
  private static final int ENTRY_OVERHEAD_BYTES = 300;

  private final int largest;
  private final Cache<BlobName, byte[]> cache;

  /**
   * Puts a cache before a store.
   *
   * @param capacity bytes in all; 0 for none
   * @param largest bytes of the largest blob to keep
   */
  public CachedBlobStore(BlobStore store, long capacity, int largest) {
    super(store);
    // A blob that could not be kept is not read into memory.
    this.largest = (int) Math.min(largest, capacity - ENTRY_OVERHEAD_BYTES);
    // Its housekeeping is short, so the calling threads do it.
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(capacity)
            .weigher((BlobName _, byte[] bytes) -> bytes.length + ENTRY_OVERHEAD_BYTES)
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  @Override
  public Blob open(BlobName name) throws IOException {
    if (largest < 0) {
      return super.open(name);
    }
    BlobLoad load = new BlobLoad();
    byte @Nullable [] bytes;
    try {
      bytes = cache.get(name, load::load);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return bytes == null ? Objects.requireNonNull(load.large) : Blob.of(bytes);
  }

  @Override
  public Blob open(BlobName name, long size) throws IOException {
    try {
      return super.open(name, size);
    } catch (MissingBlobException e) {
      // The file may be put back later with other bytes, so what is in memory must not be served.
      cache.invalidate(name);
      throw e;
    }
  }

  /** How often a blob was found in memory since the start. */
  public long hits() {
    return cache.stats().hitCount();
  }

  /** How often a blob was not in memory, whether it came there or was too large. */
  public long misses() {
    return cache.stats().missCount();
  }

  /** One call of {@link #open}: what is too large to be kept stays open for the caller. */
  private final class BlobLoad {
    private @Nullable Blob large;

    private byte @Nullable [] load(BlobName name) {
      try {
        return bytesOf(name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private byte @Nullable [] bytesOf(BlobName name) throws IOException {
      Blob blob = CachedBlobStore.super.open(name);
      if (blob.size() > largest) {
        large = blob;
        return null;
      }
      try (blob) {
        ByteBuffer buffer = ByteBuffer.allocate((int) blob.size());
        while (buffer.hasRemaining()) {
          if (blob.read(buffer, buffer.position()) < 0) {
            throw new IOException("the stored bytes of " + name + " end early");
          }
        }
        return buffer.array();
      }
    }
  }

  @Override
  public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
    try {
      super.put(sources, durability);
    } finally {
      cache.invalidateAll(sources.keySet());
    }
  }

  @Override
  public void delete(BlobName name) throws IOException {
    try {
      super.delete(name);
    } finally {
      cache.invalidate(name);
    }
  }

  @Override
  public void setAside(BlobName name) throws IOException {
    try {
      super.setAside(name);
    } finally {
      cache.invalidate(name);
    }
  }

  @Override
  public void setDamagedAside(BlobName name) throws IOException {
    try {
      super.setDamagedAside(name);
    } finally {
      cache.invalidate(name);
    }
  }
}
