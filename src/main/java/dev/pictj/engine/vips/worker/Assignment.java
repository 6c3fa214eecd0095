package dev.pictj.engine.vips.worker;

import org.jspecify.annotations.Nullable;

/** A job, or a start, and its worker once there is one; so it can be stopped before and after. */
final class Assignment {
  private @Nullable WorkerProcess worker;
  private boolean killed;

  synchronized void to(WorkerProcess one) {
    worker = one;
    if (killed) {
      one.kill();
    }
  }

  synchronized boolean isKilled() {
    return killed;
  }

  synchronized void kill() {
    killed = true;
    if (worker != null) {
      worker.kill();
    }
  }
}
