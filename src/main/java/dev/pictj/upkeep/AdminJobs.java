package dev.pictj.upkeep;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.OwedWork.Task;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does long work that an administrator asks for in the background, one job after the other. A job
 * is written down before its request is answered, and the next start goes on with a job that a
 * server did not bring to its end.
 */
public final class AdminJobs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminJobs.class);
  private static final int MEDIA_PER_PAGE = 500;
  private static final String DROP = "drop-variants";
  private static final String PRUNE = "prune-missing";

  private final Catalog catalog;
  private final BlobStore store;
  private final Trash trash;
  private final VariantRetention variants;
  private final Suspicion suspicion;
  private final InstantSource clock;
  private final AtomicBoolean droppingVariants = new AtomicBoolean();
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("admin-jobs").daemon().factory());
  private volatile Pruning pruning = new Pruning(true, 0, 0);
  private boolean everPruned;
  private volatile boolean stopping;

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
      Suspicion suspicion,
      InstantSource clock) {
    this.catalog = catalog;
    this.store = store;
    this.trash = trash;
    this.variants = variants;
    this.suspicion = suspicion;
    this.clock = clock;
  }

  /** Goes on with the jobs that earlier servers have left. */
  public synchronized void start() {
    if (!catalog.owedWork().owed(DROP).isEmpty()) {
      log.info("dropping all variants, which an earlier run has begun, is gone on with");
      beginDropping();
    }
    for (Task task : catalog.owedWork().owed(PRUNE)) {
      log.info("pruning, which an earlier run has begun, is gone on with");
      begin(task, catalog.totals().media());
    }
  }

  /** Drops all variants there are, once for all who ask before that begins. */
  public synchronized void dropVariants() {
    // The catalog tells no shorter times apart.
    Instant askedBefore = clock.instant().plus(1, ChronoUnit.MICROS);
    catalog.owedWork().owe(new Task(DROP, "", askedBefore.toString(), 0));
    beginDropping();
  }

  private void beginDropping() {
    if (droppingVariants.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            droppingVariants.set(false);
            guarded("dropping all variants", this::drop);
          });
    }
  }

  private void drop() throws InterruptedException {
    for (Task task : catalog.owedWork().owed(DROP)) {
      if (!variants.dropAll(Instant.parse(task.text()))) {
        throw new InterruptedException();
      }
      catalog.owedWork().settle(task);
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
    Task task = new Task(PRUNE, "", Boolean.toString(force), 0);
    long total = catalog.totals().media();
    catalog.owedWork().owe(task);
    return begin(task, total);
  }

  private Pruning begin(Task task, long total) {
    Pruning begun = new Pruning(false, 0, total);
    everPruned = true;
    pruning = begun;
    executor.execute(
        () -> {
          try {
            guarded(
                "pruning",
                () -> {
                  prune(total, Boolean.parseBoolean(task.text()));
                  catalog.owedWork().settle(task);
                });
          } finally {
            pruning = new Pruning(true, pruning.progress(), pruning.total());
          }
        });
    return begun;
  }

  /** Work that may fail. */
  @FunctionalInterface
  private interface Job {
    void run() throws IOException, InterruptedException;
  }

  private void guarded(String what, Job job) {
    try {
      job.run();
    } catch (IOException | RuntimeException e) {
      if (stopping) {
        log.debug("{} is for the next start", what, e);
      } else {
        log.error("{} did not come to its end; the next start goes on with it", what, e);
      }
    } catch (InterruptedException _) {
      log.debug("{} is for the next start", what);
    }
  }

  /** Looks first, so that it is known how many there are before any of them goes. */
  private void prune(long total, boolean force) throws IOException, InterruptedException {
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

  private long walk(long total, boolean remove) throws IOException, InterruptedException {
    long missing = 0;
    long seen = 0;
    String after = "";
    List<Media> page;
    do {
      // A store that is not there has nothing, which says nothing about what it had.
      store.check();
      page = catalog.uploads(after, MEDIA_PER_PAGE);
      for (Media media : page) {
        if (stopping) {
          throw new InterruptedException();
        }
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
    } while (page.size() == MEDIA_PER_PAGE);
    return missing;
  }

  @Override
  public void close() {
    stopping = true;
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("a job of an administrator did not end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
