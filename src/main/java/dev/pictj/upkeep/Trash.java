package dev.pictj.upkeep;

import dev.pictj.catalog.BlobJournal;
import dev.pictj.catalog.Catalog;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
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

  private static final int NAMES_PER_PAGE = 500;

  private final Catalog catalog;
  private final BlobStore store;
  private final int page;
  private final ReentrantLock emptying = new ReentrantLock();
  private final AtomicBoolean asked = new AtomicBoolean();

  /** An Error ends its thread, as any other thread, and the next one goes on. */
  private final ExecutorService executor =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("trash").daemon().factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /** Trash of this catalog and store. */
  public Trash(Catalog catalog, BlobStore store) {
    this(catalog, store, NAMES_PER_PAGE);
  }

  /** Makes a trash that holds no more names in memory than a page has. */
  Trash(Catalog catalog, BlobStore store, int page) {
    this.catalog = catalog;
    this.store = store;
    this.page = page;
  }

  /** Empties the journal now and then, beside what {@link #emptySoon} asks for. */
  public void start(Duration interval) {
    executor.execute(() -> emptyNowAndThen(interval));
  }

  private void emptyNowAndThen(Duration interval) {
    try {
      emptyOrLog();
    } finally {
      CompletableFuture.delayedExecutor(interval.toMillis(), TimeUnit.MILLISECONDS, executor)
          .execute(() -> emptyNowAndThen(interval));
    }
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
      catalog.journal().keepRunningTime();
      empty();
    } catch (RuntimeException e) {
      log.error("the trash was not emptied, and is tried again", e);
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

  /**
   * Runs something during which no stored bytes are removed or moved but by it; deletes only enter
   * the journal.
   */
  <T, E extends Exception> T paused(Work<T, E> work) throws E {
    emptying.lock();
    try {
      return work.run();
    } finally {
      emptying.unlock();
    }
  }

  /** What runs while the trash waits. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  private void removeDiscarded() {
    BlobJournal journal = catalog.journal();
    for (List<String> blobs = journal.discarded("", page);
        !blobs.isEmpty();
        blobs = journal.discarded(blobs.getLast(), page)) {
      List<String> gone = new ArrayList<>();
      for (String blob : blobs) {
        try {
          var name = BlobName.parse(blob);
          if (name.isPresent()) {
            store.delete(name.get());
          }
          gone.add(blob);
        } catch (IOException e) {
          log.warn("could not remove {}, it stays in the trash: {}", blob, e.toString());
        }
      }
      journal.forgetDiscarded(gone);
    }
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
