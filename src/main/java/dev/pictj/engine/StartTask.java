package dev.pictj.engine;

import java.util.concurrent.ExecutionException;

/**
 * Work on a thread of its own while the start goes on, such as to find out which tool is installed.
 * Callers that need the result wait for it.
 *
 * @param <R> what is found out
 */
public final class StartTask<R> {
  private final PoolTask<R> task;

  /** A task that does not run before {@link #begin}; callers that ask for its result wait. */
  public StartTask(Work<R> work) {
    task = new PoolTask<>(work::result);
  }

  /** The work; it may fail as runs of tools do. */
  @FunctionalInterface
  public interface Work<R> {
    R result() throws EngineException, InterruptedException;
  }

  /** A task whose result is known already. */
  public static <R> StartTask<R> done(R result) {
    StartTask<R> known = new StartTask<>(() -> result);
    known.task.run();
    return known;
  }

  /** Begins the work on a thread of its own. */
  public StartTask<R> begin() {
    Thread.ofPlatform().name("start").daemon().start(task);
    return this;
  }

  /** Waits for the result; what the work threw is thrown here. */
  public R await() throws EngineException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case EngineException cause -> throw cause;
        case InterruptedException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
