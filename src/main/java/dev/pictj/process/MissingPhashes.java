package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.OwedWork.Task;
import dev.pictj.engine.Caller;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.media.MediaException;
import dev.pictj.media.Phash;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the perceptual hashes of media that have none, in the background, one after the other. The
 * next start goes on with the work where a server did not bring it to its end.
 */
public final class MissingPhashes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MissingPhashes.class);
  private static final int MEDIA_PER_PAGE = 100;
  private static final Task TASK = new Task("phashes", "", "", 0);

  private final Catalog catalog;
  private final Previews previews;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("phashes").daemon().factory());
  private volatile Progress progress = new Progress(true, 0, 0);
  private boolean everBegun;
  private volatile boolean stopping;

  /**
   * How far the work has come.
   *
   * @param complete whether it has ended
   * @param progress media that were looked at
   * @param total media there were when it began
   */
  public record Progress(boolean complete, long progress, long total) {}

  /** Looks for them in this catalog. */
  public MissingPhashes(Catalog catalog, Previews previews) {
    this.catalog = catalog;
    this.previews = previews;
  }

  /** Goes on with what an earlier server has left. */
  public synchronized void start() {
    if (!catalog.owedWork().owed(TASK.kind()).isEmpty()) {
      log.info("making perceptual hashes, which an earlier run has begun, is gone on with");
      begin();
    }
  }

  /**
   * Begins the work where it never ran since the start; else only tells how far it is, so that a
   * client that asks until it is complete comes to an end.
   *
   * @param force whether it begins anew when it has ended
   */
  public synchronized Progress begin(boolean force) {
    if (!progress.complete() || (everBegun && !force)) {
      return progress;
    }
    catalog.owedWork().owe(TASK);
    return begin();
  }

  private Progress begin() {
    Progress begun = new Progress(false, 0, catalog.totals().media());
    everBegun = true;
    progress = begun;
    executor.execute(() -> run(begun.total()));
    return begun;
  }

  private void run(long total) {
    long seen = 0;
    long failed = 0;
    try {
      String after = "";
      List<Media> page;
      do {
        page = catalog.uploads(after, MEDIA_PER_PAGE);
        for (Media media : page) {
          failed += make(media) ? 0 : 1;
          seen++;
          progress = new Progress(false, Math.min(seen, total), total);
        }
        after = page.isEmpty() ? "" : page.getLast().place();
      } while (page.size() == MEDIA_PER_PAGE);
      catalog.owedWork().settle(TASK);
      log.info("perceptual hashes were made; of {} of {} media none could be", failed, seen);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (stopping) {
        log.debug("making perceptual hashes is for the next start", e);
      } else {
        log.error(
            "making perceptual hashes did not come to its end; the next start goes on with it", e);
      }
    } finally {
      progress = new Progress(true, Math.min(seen, total), total);
    }
  }

  private boolean make(Media media) throws InterruptedException {
    if (Phash.of(media.preview()).isPresent()) {
      return true;
    }
    try {
      return previews.phash(media, Caller.PATIENT).isPresent();
    } catch (IOException | MediaException | EngineException | OverloadedException e) {
      if (stopping) {
        throw new InterruptedException();
      }
      log.info("{} has no perceptual hash: {}", media.filename(), e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    stopping = true;
    executor.shutdownNow();
  }
}
