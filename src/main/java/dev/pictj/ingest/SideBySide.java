package dev.pictj.ingest;

import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.PoolTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.MDC;

/**
 * Does the same to several inputs, a few at a time, all or nothing. The outcome is that of doing it
 * one after another: results in the order of inputs, or the failure of the first input that fails.
 *
 * <p>The calling thread waits and asks whether its caller is still there; the work runs on threads
 * of its own, which alone are interrupted. When this ends, so have they.
 *
 * @param undo discards a result that is not wanted any more
 */
record SideBySide<I, O>(List<I> inputs, Work<I, O> work, Consumer<O> undo) {
  /** Work on one input. */
  @FunctionalInterface
  interface Work<I, O> {
    O on(I input) throws Exception;
  }

  /**
   * Does the work on all inputs.
   *
   * @param parallel how many at a time
   */
  List<O> run(int parallel, Caller caller) throws Exception {
    Map<String, String> context = MDC.getCopyOfContextMap();
    List<Future<O>> begun = new ArrayList<>();
    boolean whole = false;
    try (ExecutorService threads =
        Executors.newFixedThreadPool(parallel, Thread.ofVirtual().name("file-", 0).factory())) {
      for (I input : inputs) {
        PoolTask<O> one =
            new PoolTask<>(
                () -> {
                  MDC.setContextMap(context == null ? Map.of() : context);
                  return work.on(input);
                });
        threads.execute(one);
        begun.add(one);
      }
      try {
        List<O> results = new ArrayList<>();
        for (Future<O> one : begun) {
          results.add(await(one, caller));
        }
        whole = true;
        return results;
      } finally {
        // Interrupted, because closing would wait for work that is not wanted any more.
        threads.shutdownNow();
      }
    } finally {
      if (!whole) {
        begun.stream()
            .filter(one -> one.state() == Future.State.SUCCESS)
            .forEach(one -> undo.accept(one.resultNow()));
      }
    }
  }

  private static <O> O await(Future<O> one, Caller caller) throws Exception {
    while (true) {
      try {
        return one.get(Caller.POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        if (caller.gone()) {
          throw new CallerGoneException();
        }
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case Exception cause -> throw cause;
          case Error cause -> throw cause;
          case null, default -> throw e;
        }
      }
    }
  }
}
