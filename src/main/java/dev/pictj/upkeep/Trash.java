package dev.pictj.upkeep;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the bytes of deleted media, behind the replies. What is to go stands in the catalog's
 * trash journal, so that a crash only delays it.
 */
public final class Trash implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Trash.class);

  private final Catalog catalog;
  private final BlobStore store;
  private final ReentrantLock emptying = new ReentrantLock();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("trash").daemon().factory());

  /** Trash of this catalog and store. */
  public Trash(Catalog catalog, BlobStore store) {
    this.catalog = catalog;
    this.store = store;
  }

  /** Empties the journal now and then, beside what {@link #emptySoon} asks for. */
  public void start(Duration interval) {
    var _ =
        executor.scheduleWithFixedDelay(
            this::emptyOrLog, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Empties the journal in the background; once for all who ask before that begins. */
  public void emptySoon() {
    if (asked.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            asked.set(false);
            emptyOrLog();
          });
    }
  }

  private void emptyOrLog() {
    try {
      empty();
    } catch (CatalogException e) {
      log.error("could not read the trash journal", e);
    }
  }

  /** Empties the journal. A blob that cannot be removed stays in it. */
  public void empty() {
    emptying.lock();
    try {
      boolean more = true;
      while (more) {
        more = catalog.clearRemoved();
      }
      removeDiscarded();
    } finally {
      emptying.unlock();
    }
  }

  /** Runs something during which no deleted bytes are removed; deletes only enter the journal. */
  <T> T pausedDuring(Callable<T> work) throws Exception {
    emptying.lock();
    try {
      return work.call();
    } finally {
      emptying.unlock();
    }
  }

  private void removeDiscarded() {
    catalog.forEachDiscarded(
        (blob, since) -> {
          try {
            var name = BlobName.parse(blob);
            if (name.isPresent()) {
              store.delete(name.get());
            }
            catalog.forgetDiscarded(blob);
          } catch (IOException e) {
            log.warn("could not remove {}, discarded at {}", blob, since, e);
          }
        });
  }

  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException _) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
