package dev.pictj.process;

import dev.pictj.catalog.Variant;
import java.util.concurrent.CompletableFuture;

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

  /** One waits no longer, for whatever reason. */
  synchronized void leave() {
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
