package dev.pictj.engine;

import dev.pictj.media.MediaException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work that several callers wait for; see {@link SingleFlight}.
 *
 * @param <V> what comes of it
 */
public final class Flight<V> {
  private final CompletableFuture<V> result = new CompletableFuture<>();
  private final AbandonedWork abandonedWork;

  /** Callers that wait; the one that begins the flight is the first. */
  private int waiting = 1;

  private long abandonedNanos;
  private boolean watched;
  private boolean calledOff;
  private boolean committing;
  private @Nullable Thread worker;

  Flight(AbandonedWork abandonedWork) {
    this.abandonedWork = abandonedWork;
  }

  /** The result, for callers that do not wait. */
  public CompletableFuture<V> result() {
    return result;
  }

  /** The work has ended well. */
  void ended(V value) {
    result.complete(value);
  }

  /** The work has failed. */
  void failed(Throwable failure) {
    result.completeExceptionally(failure);
  }

  /**
   * Counts one more caller that waits.
   *
   * @return false when it is called off already, and has to be begun anew
   */
  synchronized boolean join() {
    if (calledOff) {
      return false;
    }
    waiting++;
    return true;
  }

  /**
   * Waits for the result, as one of the counted callers. A caller that is gone or interrupted
   * leaves: when all have left, the work goes on for a while, and is called off then.
   *
   * @throws CallerGoneException when the caller has gone; what else is thrown, the work has thrown
   */
  public V await(Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    try {
      return get(caller);
    } finally {
      leave(abandonedWork.limitNanos());
    }
  }

  /** Waits as a part of other work. When that is called off, nobody needs this any more. */
  public V awaitAsPart() throws IOException, MediaException, EngineException, InterruptedException {
    try {
      return get(Caller.PATIENT);
    } finally {
      leave(0);
    }
  }

  private V get(Caller caller)
      throws IOException, MediaException, EngineException, InterruptedException {
    try {
      while (true) {
        try {
          return result.get(Caller.POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          if (caller.gone()) {
            throw new CallerGoneException();
          }
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case MediaException cause -> throw cause;
        case EngineException cause -> throw cause;
        case InterruptedException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new EngineException("work failed", e);
      }
    }
  }

  private synchronized void leave(long nanosLeft) {
    waiting--;
    abandonedNanos = abandonedWork.nanoTime().getAsLong();
    callOffAfter(nanosLeft);
  }

  /** Run by the timer, of which one at most is under way, however often callers come and go. */
  private synchronized void look() {
    watched = false;
    callOffAfter(
        abandonedWork.limitNanos() - (abandonedWork.nanoTime().getAsLong() - abandonedNanos));
  }

  private void callOffAfter(long nanosLeft) {
    if (waiting > 0 || committing || result.isDone()) {
      return;
    }
    if (nanosLeft <= 0) {
      calledOff = true;
      if (worker != null) {
        worker.interrupt();
      }
    } else if (!watched) {
      watched = true;
      abandonedWork.timer().after(nanosLeft, this::look);
    }
  }

  /** The calling thread begins to work, and may be interrupted from now on. */
  synchronized void begin() throws InterruptedException {
    stopIfCalledOff();
    worker = Thread.currentThread();
  }

  /**
   * Called by the work when it begins its last step, which is short, and half of which would be
   * worse than all: from now on it is not called off any more.
   *
   * @throws InterruptedException when it is called off already
   */
  public synchronized void commit() throws InterruptedException {
    stopIfCalledOff();
    committing = true;
  }

  /** The thread may do something else; no interruption reaches it any more. */
  synchronized void end() {
    worker = null;
  }

  private void stopIfCalledOff() throws InterruptedException {
    if (calledOff) {
      throw new InterruptedException("nobody waits any more");
    }
  }
}
