package dev.pictj.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Work for a thread of a pool. An Error is thrown to whoever waits for the result, and ends the
 * thread as well: the server must learn that it is out of memory when nobody waits any more.
 *
 * @param <R> the result
 */
public final class PoolTask<R> extends FutureTask<R> {
  /** A task that has not begun. */
  public PoolTask(Callable<R> work) {
    super(work);
  }

  @Override
  public void run() {
    super.run();
    if (state() == State.FAILED && exceptionNow() instanceof Error error) {
      throw error;
    }
  }
}
