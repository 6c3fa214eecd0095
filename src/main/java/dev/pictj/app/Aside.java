package dev.pictj.app;

import dev.pictj.engine.EngineException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something about the tools that is found out while the start goes on.
 *
 * @param <R> what is found out
 */
public final class Aside<R> {
  private final FutureTask<R> task;

  private Aside(FutureTask<R> task) {
    this.task = task;
  }

  /** What may fail as runs of tools do. */
  @FunctionalInterface
  interface Question<R> {
    R answer() throws EngineException, InterruptedException;
  }

  /** Begins at once. */
  static <R> Aside<R> begin(Question<R> question) {
    Aside<R> aside = prepare(question);
    aside.begin();
    return aside;
  }

  /** To be begun later; who asks for the answer before that waits. */
  static <R> Aside<R> prepare(Question<R> question) {
    return new Aside<>(new FutureTask<>(question::answer));
  }

  /** Begins what was prepared. */
  void begin() {
    Thread.ofPlatform().name("start").daemon().start(task);
  }

  /** Waits for the answer; what finding it out threw is thrown here. */
  R result() throws EngineException, InterruptedException {
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
