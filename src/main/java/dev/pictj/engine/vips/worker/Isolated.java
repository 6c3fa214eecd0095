package dev.pictj.engine.vips.worker;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.CodedLengths;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.vips.Check;
import dev.pictj.engine.vips.Job;
import dev.pictj.engine.vips.JobThreads;
import dev.pictj.engine.vips.Lacks;
import dev.pictj.engine.vips.Preshrunk;
import dev.pictj.engine.vips.TooLargeException;
import dev.pictj.engine.vips.VerifyingWorkshop;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.engine.vips.VipsException;
import dev.pictj.media.MediaException;
import dev.pictj.media.Probed;
import dev.pictj.nativecode.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does jobs in worker processes. A worker that dies, or is killed because it is late, costs the one
 * job that it had.
 *
 * <p>After an idle time the last worker is ended too, because it takes more memory than a sleeping
 * server should. A job that comes then without {@link #awaitReady} is refused, and a worker is
 * started for later ones: a start takes longer than most jobs do in the reference engine.
 */
public final class Isolated implements VerifyingWorkshop, CodedLengths {
  private static final Logger log = LoggerFactory.getLogger(Isolated.class);

  /** Renderings after which a worker is retired, as libraries may leak a little memory. */
  private static final int MAX_RENDERINGS_PER_WORKER = 2000;

  /**
   * After so many a worker is retired: a file that takes it over could have it call that many more
   * files sound. The start of a new one takes as long as some ten verifications.
   */
  private static final int MAX_VERIFICATIONS_PER_WORKER = 250;

  private final WorkerLimits limits;
  private final JobThreads threads;
  private final WorkerPool workers;

  /** An Error ends its thread, as any other thread, and the next one goes on. */
  private final ExecutorService keeper =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("vips-keeper").daemon().factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * Makes the engine's end of the workers; no process is started yet.
   *
   * @param timeout of one job
   * @param maxJobs of a worker, which then is replaced
   */
  public Isolated(ChildRunner runner, WorkerLimits limits, Duration timeout, int maxJobs) {
    this.limits = limits;
    this.threads = new JobThreads(limits.jobs(), timeout, () -> {});
    this.workers = new WorkerPool(runner, limits, timeout, maxJobs, System::nanoTime);
    long look = Math.min(WorkerPool.SPARE_IDLE_TIME.toMillis(), limits.idleTime().toMillis());
    keepAfter(look);
  }

  private void keepAfter(long millis) {
    if (!keeper.isShutdown()) {
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, keeper)
          .execute(() -> keep(millis));
    }
  }

  /**
   * With the last worker goes what the heap has gathered while there was work: the serial collector
   * looks at old objects only when the heap is full, and files that the cache has let go are old.
   * One look that fails does not end all.
   */
  private void keep(long millis) {
    try {
      if (workers.endIdle()) {
        System.gc();
      }
    } catch (RuntimeException e) {
      log.warn("idle worker processes were not ended, and are looked at again", e);
    } finally {
      keepAfter(millis);
    }
  }

  /**
   * An engine that works in processes beside this one, inside of a sandbox where they see no files
   * but the one they are given. One that dies or hangs costs the rendering it was at. The first is
   * started by {@link #awaitReady}, the last is ended after a quiet time; what is to be rendered
   * while there is none waits for the next.
   *
   * @param reference does the rest
   * @param rules whose timeout of verifying is for both engines together
   * @param limits of each kind
   * @param verifiers others, for files that nothing has verified
   */
  public static VipsEngine engine(
      ImageEngine reference,
      PictureRules rules,
      WorkerLimits limits,
      ChildRunner runner,
      Isolated verifiers) {
    return new VipsEngine(
        reference,
        new Isolated(runner, limits, rules.timeout(), MAX_RENDERINGS_PER_WORKER),
        Optional.of(verifiers),
        rules);
  }

  /** Processes for files that nothing has verified; the first is started by the first of those. */
  public static Isolated verifiers(PictureRules rules, WorkerLimits limits, ChildRunner runner) {
    Duration timeout = rules.timeout().dividedBy(2);
    return new Isolated(runner, limits, timeout, MAX_VERIFICATIONS_PER_WORKER);
  }

  @Override
  public void awaitReady() throws UnavailableException, InterruptedException {
    try {
      workers.awaitReady();
    } catch (VipsException e) {
      throw new UnavailableException(
          "its worker process could not be started: " + e.getMessage(), e);
    }
    if (!workers.hasLibvips()) {
      throw new UnavailableException(workers.libraries());
    }
  }

  @Override
  public String describe() {
    return workers.libraries() + ", in a process of its own";
  }

  @Override
  public Lacks lacks() {
    return workers.lacks();
  }

  @Override
  public Workers workers() {
    return workers.counted();
  }

  /** What a worker is asked for. */
  @FunctionalInterface
  private interface Order<T> {
    T give(WorkerProcess worker) throws IOException, VipsException;
  }

  @Override
  public boolean work(Job job, Path source, Path output)
      throws VipsException, MediaException, EngineException, InterruptedException {
    Assignment assignment = assignment();
    return threads.run(
        () -> {
          // Before there is a worker, so that fewer of them are needed.
          Optional<Raster> shrunken = Preshrunk.of(job, source, assignment::isKilled);
          return carryOut(
              worker -> worker.work(job, source, shrunken, output, limits.outputBytes()),
              assignment);
        },
        assignment::kill);
  }

  @Override
  public Optional<Raster> inspect(Check check, Path source)
      throws VipsException, MediaException, EngineException, InterruptedException {
    Assignment assignment = assignment();
    return threads.run(
        () -> carryOut(worker -> worker.inspect(check, source), assignment), assignment::kill);
  }

  @Override
  public Optional<List<Long>> of(Path webp, Probed probed)
      throws MediaException, EngineException, InterruptedException {
    try {
      // Nobody else can tell, so it is worth the wait for a start.
      workers.awaitReady();
    } catch (VipsException e) {
      log.warn("nobody looks for what hides behind the pixels of {}: {}", probed, e.getMessage());
      return Optional.of(List.of());
    }
    Assignment assignment = new Assignment();
    try {
      return threads.run(
          () -> carryOut(worker -> worker.measure(webp), assignment), assignment::kill);
    } catch (VipsException e) {
      log.info("could not measure the pixels of {}: {}", probed, e.getMessage());
      return Optional.empty();
    }
  }

  private Assignment assignment() throws VipsException {
    if (workers.isAsleep()) {
      workers.wake();
      throw new VipsException("no worker is awake");
    }
    return new Assignment();
  }

  private <T> T carryOut(Order<T> order, Assignment assignment)
      throws IOException, VipsException, EngineException, InterruptedException {
    WorkerProcess worker = workers.take(assignment);
    boolean sound = false;
    try {
      T result = order.give(worker);
      sound = true;
      return result;
    } catch (VipsException e) {
      sound = true;
      throw e;
    } catch (TooLargeException e) {
      throw e;
    } catch (IOException e) {
      if (worker.isDead()) {
        if (!assignment.isKilled()) {
          log.warn("a process that ran libvips died; the next job starts another one");
        }
        throw new VipsException("the worker process died", e);
      }
      throw e;
    } finally {
      workers.giveBack(worker, sound);
    }
  }

  @Override
  public void close() {
    keeper.shutdownNow();
    threads.close();
    workers.close();
  }
}
