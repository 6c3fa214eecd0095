package dev.pictj.engine.vips.worker;

/** The worker that has a job, which comes to be known only after the job was given. */
final class Assignment {
  private WorkerProcess worker;
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
