package dev.pictj.ingest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.Caller;
import dev.pictj.engine.Party;
import dev.pictj.engine.SingleFlight;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Does the long work on an upload once for all who send the same bytes at the same time. It goes on
 * for a while when they have left, and what nobody has taken is kept as long: who gave up after ten
 * seconds and sends the same again finds it done.
 */
public final class SharedResults implements AutoCloseable {
  /** Time in which callers that wait for a result take it, where none are kept for later ones. */
  private static final Duration MIN_TIME_KEPT = Duration.ofMinutes(1);

  private final TempFolder temporary;
  private final SpoolBudget spool;
  private final SingleFlight<String, Normal> underWay;
  private final Cache<String, Normal> done;
  private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

  /**
   * Begins without results.
   *
   * @param executor runs the work, however much there is: the engines admit it
   * @param limit how long work goes on that nobody waits for, and a result is kept that nobody took
   * @param mostBytes of all results that are kept
   * @param spool counts the bytes of uploads that are worked on after their request has ended
   */
  public SharedResults(
      Executor executor, Duration limit, long mostBytes, TempFolder temporary, SpoolBudget spool) {
    this(
        new SingleFlight<>(executor, AbandonedWork.lasting(limit)),
        limit,
        mostBytes,
        temporary,
        spool,
        Ticker.systemTicker());
  }

  SharedResults(
      SingleFlight<String, Normal> underWay,
      Duration limit,
      long mostBytes,
      TempFolder temporary,
      SpoolBudget spool,
      Ticker ticker) {
    this.temporary = temporary;
    this.spool = spool;
    this.underWay = underWay;
    this.done =
        Caffeine.newBuilder()
            .expireAfterWrite(limit.compareTo(MIN_TIME_KEPT) < 0 ? MIN_TIME_KEPT : limit)
            .maximumWeight(mostBytes / 1024)
            .weigher((String _, Normal normal) -> Math.clamp(size(normal) / 1024 + 1, 1, 1 << 30))
            .ticker(ticker)
            .scheduler(Scheduler.systemScheduler())
            .executor(Runnable::run)
            .removalListener(
                (@Nullable String _, @Nullable Normal normal, RemovalCause _) ->
                    Objects.requireNonNull(normal).file().close())
            .build();
  }

  /** The long part of normalising. */
  @FunctionalInterface
  interface Work {
    /** Normalises a file, which stays until this returns. */
    Normal on(Path received) throws Exception;
  }

  /** The upload has gone before the work on it began. */
  private static final class ReceivedGoneException extends IOException {
    private static final long serialVersionUID = 1;

    ReceivedGoneException(NoSuchFileException e) {
      super(e);
    }
  }

  /**
   * The result of normalising, in a file of the caller's own. When a caller is interrupted, the
   * work goes on for a while without it.
   *
   * @param hash of the received bytes
   */
  Normal get(String hash, Path received, Work work) throws Exception {
    waiting.merge(hash, 1, Integer::sum);
    boolean taken = false;
    try {
      Normal normal = take(hash, received, work);
      taken = true;
      return normal;
    } finally {
      leave(hash, taken);
    }
  }

  private Normal take(String hash, Path received, Work work) throws Exception {
    while (true) {
      Normal known = done.getIfPresent(hash);
      if (known == null) {
        try {
          known =
              underWay
                  .join(hash, Party.current(), _ -> make(hash, received, work))
                  .await(Caller.PATIENT);
        } catch (ReceivedGoneException e) {
          if (!Files.exists(received)) {
            throw e;
          }
          // That was another's; it was begun for nothing.
          continue;
        } catch (SpoolFullException _) {
          return work.on(received);
        }
      }
      Optional<Normal> copy = copy(known);
      return copy.isPresent() ? copy.get() : work.on(received);
    }
  }

  /** Forgets a result once everyone who waited has taken it. */
  private void leave(String hash, boolean taken) {
    waiting.compute(
        hash,
        (_, many) -> {
          if (many > 1) {
            return many - 1;
          }
          if (taken) {
            done.invalidate(hash);
          }
          return null;
        });
  }

  private Normal make(String hash, Path received, Work work) throws Exception {
    try (SpoolBudget.Share share = spool.open();
        TempFile source = temporary.next("shared")) {
      try {
        share.take(Files.size(received));
        source.become(received);
      } catch (NoSuchFileException e) {
        throw new ReceivedGoneException(e);
      }
      Normal made = work.on(source.path());
      done.put(hash, made);
      return made;
    }
  }

  /** A copy of a kept result; empty where it has expired. */
  private Optional<Normal> copy(Normal normal) throws IOException {
    TempFile copy = temporary.next("normal");
    try {
      copy.become(normal.file().path());
      return Optional.of(
          new Normal(
              copy,
              normal.probed(),
              normal.hash(),
              normal.verifiedBy(),
              normal.preview(),
              normal.origin()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private static long size(Normal normal) {
    try {
      return Files.size(normal.file().path());
    } catch (IOException _) {
      return 0;
    }
  }

  @Override
  public void close() {
    done.invalidateAll();
  }
}
