package dev.pictj.process;

import dev.pictj.catalog.Variant;
import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One rendering that several requests wait for. When the last of them has left it is called off,
 * unless its result is being stored already: that step is short, and half of it is worse than all.
 */
final class SharedWork {
  private final CompletableFuture<Variant> result = new CompletableFuture<>();

  /** Whoever begins it waits for it. */
  private int waiting = 1;

  private boolean calledOff;
  private boolean storing;
  private Thread worker;

  /** What comes of it. */
  CompletableFuture<Variant> result() {
    return result;
  }

  /** It has ended well. */
  void ended(Variant variant) {
    result.complete(variant);
  }

  /** It has failed. */
  void failed(Throwable failure) {
    result.completeExceptionally(failure);
  }

  /**
   * One more waits.
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
   * Waits, as one of those who do, until it is stored, and leaves.
   *
   * @throws CallerGoneException when the caller has gone; what else is thrown, the work has thrown
   */
  Variant await(Caller caller)
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
        case null, default -> throw new EngineException("rendering failed", e);
      }
    } finally {
      leave();
    }
  }

  /** One waits no longer, for whatever reason. */
  private synchronized void leave() {
    waiting--;
    if (waiting == 0 && !storing && !result.isDone()) {
      calledOff = true;
      if (worker != null) {
        worker.interrupt();
      }
    }
  }

  /** The calling thread begins to work, and may be interrupted from now on. */
  synchronized void begin() throws InterruptedException {
    stopIfCalledOff();
    worker = Thread.currentThread();
  }

  /** From now on it is not called off any more. */
  synchronized void beginToStore() throws InterruptedException {
    stopIfCalledOff();
    storing = true;
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
