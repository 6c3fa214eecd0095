package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.OwedWork.Task;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.engine.Caller;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes variants while nobody waits for them. Each variant is written down before its request is
 * answered, and the next start goes on with those that a server has not made. It makes them one
 * after the other, so that one with which servers end is told from the others, and is given up when
 * that has happened several times.
 */
public final class BackgroundVariants implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackgroundVariants.class);
  private static final String KIND = "variant";
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Variants variants;
  private final Catalog catalog;
  private final Operations operations;
  private final int most;
  private final int attempts;

  /** The variants that are owed, by the ids of their tasks. */
  private final Map<String, Task> owed = new ConcurrentHashMap<>();

  private final BlockingQueue<Task> waiting = new LinkedBlockingQueue<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("background-variants").daemon().factory());
  private volatile boolean stopping;

  /** Reads what a client wants done to a picture. */
  @FunctionalInterface
  public interface Operations {
    /** Reads a query, which was read without a fault when the client sent it. */
    Chain read(String query) throws Exception;
  }

  /**
   * Makes variants by these components.
   *
   * @param operations of a query
   * @param most variants that are owed at a time
   * @param attempts servers that may end while they go on with one variant, before that counts as
   *     the reason
   */
  public BackgroundVariants(
      Variants variants, Catalog catalog, Operations operations, int most, int attempts) {
    this.variants = variants;
    this.catalog = catalog;
    this.operations = operations;
    this.most = most;
    this.attempts = attempts;
  }

  /** Goes on with the variants that earlier servers have left. */
  public void start() {
    List<Task> left = catalog.owedWork().owed(KIND);
    for (Task task : left) {
      owed.put(task.id(), task);
      waiting.add(task);
    }
    if (!left.isEmpty()) {
      log.info("{} variants in the background are gone on with", left.size());
    }
    worker.execute(this::work);
  }

  /**
   * Begins to make a variant, unless it is there or was begun before. Once this returns the variant
   * is owed, and made by a later server where this one ends.
   *
   * @param query that the chain was read from
   * @param party on whose behalf
   * @throws OverloadedException when as many variants are owed as may be
   * @throws MediaException when it was tried in vain lately
   */
  public void begin(Media media, Chain chain, MediaType target, String query, Party party)
      throws IOException, MediaException {
    if (variants.find(media, chain, target).isPresent()) {
      return;
    }
    VariantKey key = variants.requireMakeable(media, chain, target);
    Task task = new Task(KIND, key.toString(), target.extension() + "?" + query, 0);
    if (!reserve(task)) {
      return;
    }
    boolean isBegun = false;
    try {
      catalog.owedWork().owe(task);
      Optional<CompletableFuture<Variant>> result = variants.begin(media, chain, target, party);
      if (result.isPresent()) {
        isBegun = true;
        CompletableFuture<Variant> _ =
            result.get().whenComplete((_, failure) -> ended(task, failure));
      }
    } finally {
      if (!isBegun) {
        settle(task);
      }
    }
  }

  /** Takes a place for a variant. Returns false where the variant is owed already. */
  private boolean reserve(Task task) {
    synchronized (owed) {
      if (owed.containsKey(task.id())) {
        return false;
      }
      if (owed.size() >= most) {
        throw new OverloadedException("too many variants in the background", Duration.ofSeconds(5));
      }
      owed.put(task.id(), task);
      return true;
    }
  }

  private void ended(Task task, @Nullable Throwable failure) {
    if (failure != null && stopping) {
      return;
    }
    if (failure != null && isPassing(failure)) {
      waiting.add(task);
      return;
    }
    if (failure != null) {
      tell(task, failure);
    }
    settle(task);
  }

  /** Whether a failure says nothing about the next try. */
  private static boolean isPassing(Throwable failure) {
    return failure instanceof OverloadedException || failure instanceof CatalogUnavailableException;
  }

  private static void tell(Task task, Throwable failure) {
    if (!(failure instanceof MediaGoneException)) {
      String why = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
      log.info("a variant of {} is not made: {}", filename(task), why);
    }
  }

  private static String filename(Task task) {
    return task.id().substring(0, task.id().indexOf('/'));
  }

  /** Forgets a variant that is made, or never will be. */
  private void settle(Task task) {
    try {
      catalog.owedWork().settle(task);
    } catch (CatalogException e) {
      log.debug("the next start finds that {} is there", task.id(), e);
    } finally {
      owed.remove(task.id());
    }
  }

  /** Counts an attempt no more that did not end a server. */
  private void takeBack(Task before) {
    try {
      catalog.owedWork().count(before);
    } catch (CatalogException e) {
      log.debug("an attempt at {} is counted that was none", before.id(), e);
    }
  }

  private void work() {
    boolean died = true;
    try {
      while (!stopping) {
        Task task = waiting.take();
        if (!isSettled(task)) {
          waiting.add(task);
          Thread.sleep(PAUSE);
        }
      }
      died = false;
    } catch (InterruptedException _) {
      died = false;
      log.debug("what waits in the background is for the next start");
    } finally {
      if (died && !stopping) {
        // The variant that an Error ended the worker with is for the next start.
        worker.execute(this::work);
      }
    }
  }

  /** Makes a variant that was left. Returns false where it is to be tried again. */
  private boolean isSettled(Task before) throws InterruptedException {
    Task task = before.withAttempts(before.attempts() + 1);
    if (task.attempts() > attempts) {
      log.error(
          "a variant of {} in the background is given up: {} servers ended with it",
          filename(task),
          before.attempts());
      settle(task);
      return true;
    }
    try {
      catalog.owedWork().count(task);
      Optional<Media> media = catalog.findByFilename(filename(task));
      if (media.isPresent()) {
        make(media.get(), task.text());
      }
    } catch (InterruptedException e) {
      takeBack(before);
      throw e;
    } catch (Exception e) {
      if (stopping || isPassing(e)) {
        log.debug("the variant {} in the background is tried again", task.id(), e);
        takeBack(before);
        return false;
      }
      tell(task, e);
    }
    settle(task);
    return true;
  }

  private void make(Media media, String text) throws Exception {
    int mark = text.indexOf('?');
    Optional<MediaType> target =
        Optional.ofNullable(MediaType.byExtension().get(text.substring(0, mark)));
    if (target.isPresent()) {
      Chain chain = operations.read(text.substring(mark + 1));
      Variant _ = variants.findOrMake(media, chain, target.get(), Caller.BACKGROUND);
    }
  }

  @Override
  public void close() {
    stopping = true;
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("work on variants in the background did not end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
