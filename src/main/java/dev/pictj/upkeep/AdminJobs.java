package dev.pictj.upkeep;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long work that an administrator asks for, which is done in the background, one piece after the
 * other. What a stop of the server cuts off is not gone on with, and may be asked for again.
 */
public final class AdminJobs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminJobs.class);
  private static final int PAGE = 500;

  private final Catalog catalog;
  private final BlobStore store;
  private final Trash trash;
  private final VariantRetention variants;
  private final Suspicion suspicion;
  private final AtomicBoolean droppingVariants = new AtomicBoolean();
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("admin-jobs").daemon().factory());
  private volatile Pruning pruning = new Pruning(true, 0, 0);
  private boolean everPruned;

  /**
   * How far the removal of media whose bytes are missing has come.
   *
   * @param complete whether it has ended
   * @param progress media that were looked at
   * @param total media there were when it began
   */
  public record Pruning(boolean complete, long progress, long total) {}

  /**
   * Jobs on this catalog and store.
   *
   * @param suspicion when so many originals are missing that the store may be at fault
   */
  public AdminJobs(
      Catalog catalog,
      BlobStore store,
      Trash trash,
      VariantRetention variants,
      Suspicion suspicion) {
    this.catalog = catalog;
    this.store = store;
    this.trash = trash;
    this.variants = variants;
    this.suspicion = suspicion;
  }

  /** Drops all variants there are, once for all who ask before that begins. */
  public void dropVariants() {
    if (droppingVariants.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            droppingVariants.set(false);
            guarded("dropping all variants", variants::dropAll);
          });
    }
  }

  /**
   * Removes the media whose bytes are missing, with all their aliases. Begins when it never ran
   * since the start; else tells how far it is.
   *
   * @param force whether it begins anew when it has ended, and goes on where so many are missing
   *     that the store may be at fault
   */
  public synchronized Pruning prune(boolean force) {
    if (!pruning.complete() || (everPruned && !force)) {
      return pruning;
    }
    Pruning begun = new Pruning(false, 0, catalog.totals().media());
    everPruned = true;
    pruning = begun;
    executor.execute(
        () -> {
          try {
            guarded("pruning", () -> prune(begun.total(), force));
          } finally {
            pruning = new Pruning(true, pruning.progress(), pruning.total());
          }
        });
    return begun;
  }

  /** Something that may fail. */
  @FunctionalInterface
  private interface Job {
    void run() throws IOException;
  }

  private static void guarded(String what, Job job) {
    try {
      job.run();
    } catch (IOException | RuntimeException e) {
      log.error("{} did not come to its end", what, e);
    }
  }

  /** Looks first, so that it is known how many there are before any of them goes. */
  private void prune(long total, boolean force) throws IOException {
    long missing = walk(total, false);
    if (missing > 0 && suspicion.raisedBy(missing, total) && !force) {
      log.error(
          "nothing was pruned: the bytes of {} of {} media are missing, so many that the store may"
              + " be at fault; with force=true they go all the same",
          missing,
          total);
      return;
    }
    if (missing > 0) {
      walk(total, true);
      trash.emptySoon();
    }
    log.info("{} media whose bytes were missing were removed", missing);
  }

  private long walk(long total, boolean remove) throws IOException {
    long missing = 0;
    long seen = 0;
    String after = "";
    List<Media> page;
    do {
      // A store that is not there has nothing, which says nothing about what it had.
      store.check();
      page = catalog.uploads(after, PAGE);
      for (Media media : page) {
        seen++;
        if (store.size(BlobName.original(media.filename())).isEmpty()) {
          missing++;
          if (remove) {
            store.check();
            catalog.purge(media.hash());
          }
        }
        if (!remove) {
          pruning = new Pruning(false, Math.min(seen, total), total);
        }
      }
      after = page.isEmpty() ? "" : page.getLast().place();
    } while (page.size() == PAGE);
    return missing;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
