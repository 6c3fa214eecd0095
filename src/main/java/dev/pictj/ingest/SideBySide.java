package dev.pictj.ingest;

import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.MDC;

/**
 * Does the same to several inputs, a few at a time, all or nothing. The outcome is that of doing it
 * one after another: results in the order of inputs, or the failure of the first input that fails.
 *
 * <p>The calling thread waits and asks whether its caller is still there; the work runs on threads
 * of its own, which alone are interrupted. When this ends, so have they.
 */
final class SideBySide<I, O> {
  /** Work on one input. */
  @FunctionalInterface
  interface Work<I, O> {
    O on(I input) throws Exception;
  }

  private final List<I> inputs;
  private final Work<I, O> work;
  private final Consumer<O> undo;
  private final Map<Integer, O> results = new TreeMap<>();
  private final Map<Integer, Thread> atWork = new TreeMap<>();
  private Throwable failure;

  /** Everything before this input is wanted; after a failure that is less than all. */
  private int end;

  private int next;

  /** What is to be done, and how a result is discarded that is not wanted any more. */
  SideBySide(List<I> inputs, Work<I, O> work, Consumer<O> undo) {
    this.inputs = inputs;
    this.work = work;
    this.undo = undo;
    this.end = inputs.size();
  }

  /** Does it once. */
  List<O> run(int parallel, Caller caller) throws Exception {
    Map<String, String> context = MDC.getCopyOfContextMap();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(parallel, inputs.size()); i++) {
      threads.add(
          Thread.ofVirtual()
              .name("file-", i)
              .start(
                  () -> {
                    MDC.setContextMap(context == null ? Map.of() : context);
                    workOn();
                  }));
    }
    boolean whole = false;
    try {
      for (Thread thread : threads) {
        while (!thread.join(Duration.ofMillis(Caller.POLL_MILLIS))) {
          if (caller.gone()) {
            throw new CallerGoneException();
          }
        }
      }
      whole = outcome();
      return List.copyOf(results.values());
    } finally {
      if (!whole) {
        cutTo(0);
        joinUninterrupted(threads);
        results.values().forEach(undo);
      }
    }
  }

  private synchronized boolean outcome() throws Exception {
    return switch (failure) {
      case null -> true;
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    };
  }

  private void workOn() {
    for (int index = take(); index >= 0; index = take()) {
      try {
        done(index, work.on(inputs.get(index)));
      } catch (Throwable e) {
        failed(index, e);
      }
    }
  }

  private synchronized int take() {
    if (next >= end) {
      return -1;
    }
    atWork.put(next, Thread.currentThread());
    return next++;
  }

  private synchronized void done(int index, O result) {
    atWork.remove(index);
    results.put(index, result);
  }

  private synchronized void failed(int index, Throwable e) {
    atWork.remove(index);
    if (index < end) {
      failure = e;
      cutTo(index);
    }
  }

  /** What comes from this input on is not wanted any more. */
  private synchronized void cutTo(int index) {
    end = Math.min(end, index);
    atWork.forEach(
        (at, thread) -> {
          if (at >= end) {
            thread.interrupt();
          }
        });
  }

  private static void joinUninterrupted(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
