package dev.pictj.upkeep;

import dev.pictj.store.StoreReadOnlyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the disks have room left. Asked anew before every write, because that costs a few
 * microseconds and room may come and go at any moment; the log hears of changes only.
 */
public final class DiskWatermark {
  private static final Logger log = LoggerFactory.getLogger(DiskWatermark.class);

  private final List<Path> folders;
  private final long minFree;

  /** Tells how many bytes an ordinary user may still write where a folder lies. */
  private final ToLongFunction<Path> space;

  private final AtomicBoolean low = new AtomicBoolean();

  /**
   * A watermark.
   *
   * @param folders whose disks are looked at
   * @param minFree bytes that must be free on each; 0 for no watermark
   */
  public DiskWatermark(List<Path> folders, long minFree) {
    // Not through a FileStore: that looks for the mount point, which a chroot need not have.
    this(folders, minFree, folder -> folder.toFile().getUsableSpace());
  }

  DiskWatermark(List<Path> folders, long minFree, ToLongFunction<Path> space) {
    this.folders = List.copyOf(folders);
    this.minFree = minFree;
    this.space = space;
  }

  /**
   * Passes while there is room.
   *
   * @throws StoreReadOnlyException when there is not
   */
  public void require() throws IOException {
    if (minFree == 0) {
      return;
    }
    for (Path folder : folders) {
      long free = space.applyAsLong(folder);
      if (free < minFree) {
        String message =
            "%d bytes are free on the disk of %s, below the %d of --min-free-space"
                .formatted(free, folder, minFree);
        if (low.compareAndSet(false, true)) {
          log.warn("read-only: {}", message);
        }
        throw new StoreReadOnlyException(message);
      }
    }
    if (low.compareAndSet(true, false)) {
      log.info("there is room on the disk again; uploads and new variants are accepted");
    }
  }
}
