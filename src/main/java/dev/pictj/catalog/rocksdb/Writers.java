package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.rocksdb.Database.Work;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs transactions on platform threads of their own. RocksDB syncs its log once for all commits
 * that wait at the same time, and a commit waits in native code, where a virtual thread would keep
 * its carrier: with two processors no more than two commits, and nothing else, would get on.
 */
final class Writers implements AutoCloseable {
  private static final int IDLE_SECONDS = 10;

  private final Database database;
  private final ThreadPoolExecutor threads;

  /**
   * No thread is started yet.
   *
   * @param most at a time; more wait
   */
  Writers(Database database, int most) {
    this.database = database;
    this.threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("catalog-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * As {@link Database#write}; returns when it is committed, also when the caller is interrupted,
   * for nobody could tell otherwise whether it was.
   */
  <R> R write(boolean durable, Work<R> work) {
    try {
      return CompletableFuture.supplyAsync(() -> database.write(durable, work), threads).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Lets what has begun end. */
  @Override
  public void close() {
    threads.close();
  }
}
