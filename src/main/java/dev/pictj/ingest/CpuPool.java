package dev.pictj.ingest;

import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.PoolTask;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A few platform threads for work that keeps a core busy, such as hashing and inflating. On the
 * virtual threads of requests it would hold up every other request.
 */
public final class CpuPool implements AutoCloseable {
  private final ThreadPoolExecutor executor;

  /**
   * Makes a pool.
   *
   * @param threads how many pieces run at a time
   * @param queue how many may wait; more are refused
   */
  public CpuPool(int threads, int queue) {
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().name("cpu-", 0).daemon().factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs a piece of work and waits for it. A caller that is interrupted meanwhile waits until the
   * work, which is interrupted too, has ended: it may be writing a file that the caller is about to
   * delete.
   *
   * @throws Exception what the work throws
   * @throws OverloadedException when too much is waiting
   */
  public <T> T call(Callable<T> work) throws Exception {
    AtomicBoolean claimed = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    PoolTask<T> task =
        new PoolTask<>(
            () -> {
              try {
                if (!claimed.compareAndSet(false, true)) {
                  throw new CancellationException();
                }
                return work.call();
              } finally {
                ended.countDown();
              }
            });
    try {
      executor.execute(task);
    } catch (RejectedExecutionException _) {
      throw new OverloadedException(
          "more uploads are waiting than may wait", Duration.ofSeconds(5));
    }
    try {
      return task.get();
    } catch (InterruptedException e) {
      boolean begun = !claimed.compareAndSet(false, true);
      task.cancel(true);
      while (begun && ended.getCount() > 0) {
        try {
          ended.await();
        } catch (InterruptedException again) {
          e.addSuppressed(again);
        }
      }
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
