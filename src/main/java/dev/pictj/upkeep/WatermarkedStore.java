package dev.pictj.upkeep;

import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.Durability;
import dev.pictj.store.ForwardingBlobStore;
import dev.pictj.store.MissingBlobException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A store that takes nothing new while its folders are gone, or a watermark says that the disk is
 * nearly full.
 */
public final class WatermarkedStore extends ForwardingBlobStore {
  private final DataFolders folders;
  private final DiskWatermark watermark;

  /** That store in those folders, under that watermark. */
  public WatermarkedStore(BlobStore store, DataFolders folders, DiskWatermark watermark) {
    super(store);
    this.folders = folders;
    this.watermark = watermark;
  }

  @Override
  public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
    folders.require();
    watermark.require();
    super.put(sources, durability);
  }

  @Override
  public void requireWritable() throws IOException {
    folders.require();
    watermark.require();
    super.requireWritable();
  }

  @Override
  public Blob open(BlobName name) throws IOException {
    try {
      return super.open(name);
    } catch (MissingBlobException e) {
      // Where all are missing, each of them is no news.
      folders.require();
      throw e;
    }
  }

  @Override
  public void check() throws IOException {
    folders.require();
    super.check();
  }
}
