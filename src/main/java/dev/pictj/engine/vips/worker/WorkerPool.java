package dev.pictj.engine.vips.worker;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.vips.JobThreads;
import dev.pictj.engine.vips.Lacks;
import dev.pictj.engine.vips.VipsException;
import dev.pictj.engine.vips.Workshop;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The idle workers. A job that finds none waits for whichever comes first: a worker that another
 * job gives back, or one that is started meanwhile, as a start takes longer than most jobs. The
 * worker used last is used first. A worker that has done its share of jobs is retired; its
 * successor is started before that.
 */
final class WorkerPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

  /** How long an idle worker is kept while there are others. */
  static final Duration SPARE_IDLE_TIME = Duration.ofSeconds(30);

  /** So many jobs before a worker is retired, its successor is started. */
  static final int REPLACEMENT_LEAD = 40;

  private static final int POLL_MILLIS = 20;

  private static final Duration MAX_WAIT_FOR_STARTS = Duration.ofSeconds(2);

  private final ChildRunner runner;
  private final WorkerCode code;
  private final WorkerLimits limits;
  private final int maxJobs;
  private final LongSupplier nanoTime;
  private final JobThreads starters;
  private final Deque<WorkerProcess> idle = new ArrayDeque<>();
  private final Set<Assignment> starts = new HashSet<>();
  private int waiting;
  private int taken;
  private long started;

  /** The last start that failed. */
  private @Nullable VipsException failure;

  private boolean asleep = true;
  private boolean closed;
  private volatile boolean hasLibvips;
  private volatile String libraries = "";
  private volatile Lacks lacks = Lacks.NOTHING;

  /**
   * Starts nothing yet.
   *
   * @param timeout of a start
   * @param maxJobs of a worker, which then is replaced
   * @param nanoTime tells how long a worker has been idle
   */
  WorkerPool(
      ChildRunner runner,
      WorkerLimits limits,
      Duration timeout,
      int maxJobs,
      LongSupplier nanoTime) {
    this.runner = runner;
    this.code = WorkerCode.own(runner.folder());
    this.limits = limits;
    this.maxJobs = maxJobs;
    this.nanoTime = nanoTime;
    // Beside those that somebody waits for, each worker may be about to have a successor.
    this.starters = new JobThreads(2 * limits.jobs(), timeout, () -> {});
  }

  /** Whether the last worker that was started can do more than measure. */
  boolean hasLibvips() {
    return hasLibvips;
  }

  /** What the last worker that was started works with. */
  String libraries() {
    return libraries;
  }

  /** What the last worker that was started cannot do. */
  Lacks lacks() {
    return lacks;
  }

  synchronized Workshop.Workers counted() {
    return new Workshop.Workers(idle.size(), taken, started);
  }

  /** Whether there is none because there was nothing to do. */
  synchronized boolean isAsleep() {
    return asleep;
  }

  /** Starts one, unless one is being started. */
  synchronized void wake() {
    if (starts.isEmpty() && !closed) {
      startBeside();
    }
  }

  /**
   * Waits until there is one, which may be at work.
   *
   * @throws VipsException when none could be started
   */
  synchronized void awaitReady() throws VipsException, InterruptedException {
    VipsException before = failure;
    while (asleep) {
      throwFailureSince(before);
      wake();
      wait();
    }
  }

  /** Called with the lock. */
  @SuppressWarnings("ReferenceEquality") // each failure is an exception of its own
  private void throwFailureSince(@Nullable VipsException before) throws VipsException {
    if (closed) {
      throw new VipsException("stopped");
    }
    if (failure != null && failure != before) {
      throw new VipsException(failure.getMessage(), failure);
    }
  }

  private WorkerProcess fresh(Assignment assignment)
      throws VipsException, EngineException, InterruptedException {
    WorkerProcess worker;
    try {
      worker = WorkerProcess.start(code.path(), runner, limits.memoryBytes());
    } catch (EngineException e) {
      throw new VipsException(e.getMessage(), e);
    }
    assignment.to(worker);
    try {
      worker.greet();
      hasLibvips = worker.hasLibvips();
      libraries = worker.libraries();
      lacks = worker.lacks();
      return worker;
    } catch (IOException e) {
      worker.close();
      throw new VipsException("it ended at once", e);
    }
  }

  private void add(WorkerProcess worker) throws EngineException {
    synchronized (this) {
      started++;
      if (!closed) {
        asleep = false;
        worker.setIdle(nanoTime.getAsLong());
        idle.addLast(worker);
        notifyAll();
        return;
      }
    }
    worker.close();
  }

  /** Starts a worker for the next job that needs one. Called with the lock. */
  private void startBeside() {
    Assignment start = new Assignment();
    starts.add(start);
    Thread.ofVirtual().name("vips-start").start(() -> start(start));
  }

  private void start(Assignment start) {
    VipsException problem = null;
    try {
      boolean _ =
          starters.run(
              () -> {
                add(fresh(start));
                return true;
              },
              start::kill);
    } catch (VipsException e) {
      problem = e;
    } catch (MediaException | EngineException | RuntimeException e) {
      problem = new VipsException("a worker did not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended(start, problem);
    }
  }

  private synchronized void ended(Assignment start, @Nullable VipsException problem) {
    starts.remove(start);
    if (problem != null) {
      failure = problem;
    }
    notifyAll();
  }

  /**
   * A worker for a job, which has to be given back.
   *
   * @throws VipsException when one could not be started meanwhile, or the job was stopped
   */
  WorkerProcess take(Assignment assignment) throws VipsException, InterruptedException {
    WorkerProcess worker = next(assignment);
    assignment.to(worker);
    return worker;
  }

  private synchronized WorkerProcess next(Assignment assignment)
      throws VipsException, InterruptedException {
    VipsException before = failure;
    waiting++;
    try {
      while (true) {
        throwFailureSince(before);
        if (assignment.isKilled()) {
          throw new VipsException("stopped");
        }
        if (!idle.isEmpty()) {
          break;
        }
        if (starts.size() < waiting) {
          startBeside();
        }
        // Who stops a job does not know that it waits here.
        wait(POLL_MILLIS);
      }
      taken++;
      return idle.pollFirst();
    } finally {
      waiting--;
    }
  }

  /**
   * Takes a worker back.
   *
   * @param sound whether it can have another job
   */
  void giveBack(WorkerProcess worker, boolean sound) throws EngineException {
    synchronized (this) {
      taken--;
      if (sound && !closed && worker.jobs() == maxJobs - REPLACEMENT_LEAD) {
        startBeside();
      }
      if (sound && !closed && worker.jobs() < maxJobs) {
        asleep = false;
        worker.setIdle(nanoTime.getAsLong());
        idle.addFirst(worker);
        notifyAll();
        return;
      }
    }
    worker.close();
  }

  /**
   * Ends the workers that have been idle for long, for a worker never gives memory back. The last
   * one is kept longer than the others.
   *
   * @return whether that was the last one, and nobody waits for another
   */
  boolean endIdle() {
    List<WorkerProcess> spare = new ArrayList<>();
    boolean last;
    synchronized (this) {
      while (!idle.isEmpty()
          && idle.peekLast().idleFor(nanoTime.getAsLong()).compareTo(idleTime()) > 0) {
        spare.add(idle.pollLast());
      }
      last = !spare.isEmpty() && idle.isEmpty() && taken == 0;
      asleep |= last;
    }
    spare.forEach(WorkerPool::close);
    return last;
  }

  private Duration idleTime() {
    Duration last = limits.idleTime();
    return idle.size() == 1 || last.compareTo(SPARE_IDLE_TIME) < 0 ? last : SPARE_IDLE_TIME;
  }

  private static void close(WorkerProcess worker) {
    try {
      worker.close();
    } catch (EngineException e) {
      log.warn("a worker process left something behind", e);
    }
  }

  /** Ends all idle workers now, and the others when they are given back. */
  @Override
  public void close() {
    List<WorkerProcess> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(idle);
      idle.clear();
      starts.forEach(Assignment::kill);
      notifyAll();
    }
    all.forEach(WorkerPool::close);
    awaitStarts();
    starters.close();
    code.close();
  }

  /** Waits for starts of processes that were interrupted, so that they leave nothing behind. */
  private synchronized void awaitStarts() {
    long end = System.nanoTime() + MAX_WAIT_FOR_STARTS.toNanos();
    try {
      while (!starts.isEmpty() && System.nanoTime() < end) {
        wait(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
