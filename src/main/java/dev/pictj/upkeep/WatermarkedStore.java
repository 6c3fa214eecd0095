package dev.pictj.upkeep;

import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.Durability;
import dev.pictj.store.ForwardingBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A store that takes nothing new while a watermark says that the disk is nearly full. */
public final class WatermarkedStore extends ForwardingBlobStore {
  private final DiskWatermark watermark;

  /** That store under that watermark. */
  public WatermarkedStore(BlobStore store, DiskWatermark watermark) {
    super(store);
    this.watermark = watermark;
  }

  @Override
  public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
    watermark.require();
    super.put(sources, durability);
  }

  @Override
  public void requireWritable() throws IOException {
    watermark.require();
    super.requireWritable();
  }
}
