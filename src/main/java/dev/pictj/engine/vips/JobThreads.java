package dev.pictj.engine.vips;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.PoolTask;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The platform threads that jobs are done on, for native calls and pipes do not yield. The caller
 * waits beside, and stops the work when its time is over or the caller is interrupted.
 */
public final class JobThreads implements AutoCloseable {
  /** How long work that was stopped may take to notice. */
  private static final Duration MAX_TIME_TO_STOP = Duration.ofSeconds(10);

  private static final int STOP_POLL_MILLIS = 50;

  private final Duration timeout;
  private final Semaphore places;
  private final ExecutorService pool;

  /**
   * Makes a pool, which starts threads as jobs come.
   *
   * @param threads the most jobs at a time
   * @param timeout of one job
   * @param atEnd run by each thread before it ends
   */
  public JobThreads(int threads, Duration timeout, Runnable atEnd) {
    this.timeout = timeout;
    this.places = new Semaphore(threads);
    this.pool =
        Executors.newFixedThreadPool(
            threads,
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("vips")
                    .unstarted(
                        () -> {
                          try {
                            work.run();
                          } finally {
                            atEnd.run();
                          }
                        }));
  }

  /**
   * Has work done and waits for it. When this returns or throws, the work has ended; only work that
   * ignores being stopped is left to itself, with all that it owns.
   *
   * @param work may throw what this method throws, and {@link IOException}
   * @param stop makes the work fail soon; called by another thread, perhaps more than once
   */
  public <T> T run(Callable<T> work, Runnable stop)
      throws VipsException, MediaException, EngineException, InterruptedException {
    if (!places.tryAcquire()) {
      // Admission lets in no more jobs than there are threads: some do not come back.
      throw new VipsException("no thread is free");
    }
    PoolTask<T> result =
        new PoolTask<>(
            () -> {
              try {
                return work.call();
              } finally {
                places.release();
              }
            });
    pool.execute(result);
    try {
      return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      stop(result, stop);
      throw tooExpensive();
    } catch (InterruptedException gone) {
      stop(result, stop);
      throw gone;
    } catch (ExecutionException e) {
      throw cause(e);
    }
  }

  /** Throws what the picture is to blame for; returns what it is not. */
  private static EngineException cause(ExecutionException e) throws VipsException, MediaException {
    return switch (e.getCause()) {
      case VipsException cause -> throw cause;
      case EngineException cause -> cause;
      case TooLargeException _ -> throw tooExpensive();
      case IOException cause ->
          new EngineException("could not read or write: " + cause.getMessage(), cause);
      case RuntimeException cause -> throw cause;
      case Error cause -> throw cause;
      case null, default -> new EngineException("libvips failed", e);
    };
  }

  private static void stop(Future<?> result, Runnable stop) {
    boolean interrupted = false;
    long end = System.nanoTime() + MAX_TIME_TO_STOP.toNanos();
    while (!result.isDone() && System.nanoTime() < end) {
      stop.run();
      try {
        result.get(STOP_POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      } catch (TimeoutException | ExecutionException _) {
        // The loop looks at the time and the work again.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static MediaException tooExpensive() {
    return new MediaException(
        Reason.TOO_EXPENSIVE, "Rendering this image takes more time or memory than allowed");
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
