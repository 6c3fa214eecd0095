package dev.pictj.engine.child;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.im4java.core.IM4JavaException;
import org.im4java.core.ImageCommand;
import org.im4java.core.Operation;
import org.im4java.process.ProcessEvent;
import org.im4java.process.ProcessEventListener;
import org.im4java.process.ProcessTask;
import org.jspecify.annotations.Nullable;

/**
 * One run of one command line through im4java, which is not thread-safe and leaves the child alive
 * when its caller is interrupted: hence a fresh command each time, run on a thread of its own,
 * while the caller waits, watches and kills.
 */
final class ChildRun implements ProcessEventListener {
  /** Room for ffprobe's lines about some sixty thousand packets, more than a video may have. */
  private static final int MAX_OUTPUT_BYTES = 4 << 20;

  private static final int MAX_ERROR_BYTES = 8 * 1024;

  /** Time between two checks of how much disk the child has used. */
  private static final Duration DISK_CHECK_INTERVAL = Duration.ofMillis(50);

  /** Time that a killed child may take to end. */
  private static final Duration MAX_TIME_TO_DIE = Duration.ofSeconds(10);

  private final Optional<Stragglers> stragglers;
  private final ProcessTask task;
  private volatile String output = "";
  private volatile String errors = "";
  private @Nullable Process process;
  private boolean killed;

  /**
   * Prepares a run; nothing is started yet.
   *
   * @param stragglers what it may leave behind; empty when the kernel sees to that
   */
  ChildRun(List<String> line, Optional<Stragglers> stragglers)
      throws IOException, IM4JavaException {
    this.stragglers = stragglers;
    ImageCommand command = new ImageCommand(line.getFirst());
    command.setOutputConsumer(in -> output = beginning(in, MAX_OUTPUT_BYTES));
    command.setErrorConsumer(in -> errors = beginning(in, MAX_ERROR_BYTES));
    command.addProcessEventListener(this);
    Operation operation = new Operation();
    operation.addRawArgs(line.subList(1, line.size()));
    task = command.getProcessTask(operation);
  }

  /** Reads and drops the rest, so that the child never blocks in writing it. */
  private static String beginning(InputStream in, int limit) throws IOException {
    String text = new String(in.readNBytes(limit), StandardCharsets.UTF_8);
    in.transferTo(OutputStream.nullOutputStream());
    return text;
  }

  /**
   * Runs the command to its end.
   *
   * @param scratch its temp folder
   * @param outputs what it was given to write
   */
  ChildResult await(ChildLimits limits, Scratch scratch, List<Path> outputs)
      throws IOException, InterruptedException {
    // Not a virtual thread: bwrap dies with the thread that has started it, and a virtual thread's
    // carrier may end long before it does.
    Thread.ofPlatform().daemon().name("child").start(task);
    final long end = System.nanoTime() + limits.timeout().toNanos();
    try {
      while (true) {
        long left = end - System.nanoTime();
        try {
          ProcessEvent event =
              task.get(Math.min(left, DISK_CHECK_INTERVAL.toNanos()), TimeUnit.NANOSECONDS);
          return result(event, false, size(outputs) > limits.outputBytes());
        } catch (TimeoutException running) {
          boolean late = left <= DISK_CHECK_INTERVAL.toNanos();
          if (late
              || size(outputs) > limits.outputBytes()
              || scratch.holdsMoreThan(limits.tempBytes())) {
            return kill(late);
          }
          if (isGone()) {
            // A process that the child has left behind holds its output open.
            killStragglers();
          }
        }
      }
    } catch (ExecutionException failed) {
      kill();
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw new IOException(failed.getCause());
    } catch (IOException blind) {
      kill();
      throw blind;
    } catch (InterruptedException interrupted) {
      kill();
      awaitEndUninterrupted();
      throw interrupted;
    }
  }

  private static long size(List<Path> outputs) throws IOException {
    long sum = 0;
    for (Path output : outputs) {
      try {
        sum += Files.size(output);
      } catch (NoSuchFileException gone) {
        // The tool has removed what it could not finish.
      }
    }
    return sum;
  }

  /** Kills the processes that a child which has ended left behind. */
  synchronized void killStragglers() {
    Process ended = process;
    if (ended != null) {
      stragglers.ifPresent(left -> left.kill(ended.pid()));
    }
  }

  private synchronized boolean isGone() {
    return process != null && !process.isAlive();
  }

  private ChildResult kill(boolean late) throws IOException, InterruptedException {
    kill();
    try {
      return result(task.get(MAX_TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS), late, !late);
    } catch (TimeoutException | ExecutionException unkillable) {
      if (unkillable.getCause() instanceof Error error) {
        throw error;
      }
      return new ChildResult(-1, output, errors, late, !late);
    }
  }

  /** Waits for the end of a killed child, so that its temp folder can be removed. */
  private void awaitEndUninterrupted() {
    long end = System.nanoTime() + MAX_TIME_TO_DIE.toNanos();
    while (!task.isDone() && System.nanoTime() < end) {
      try {
        task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException | TimeoutException | ExecutionException reason) {
        if (reason.getCause() instanceof Error error) {
          throw error;
        }
        // The loop looks again; the caller throws InterruptedException anyway.
        Thread.onSpinWait();
      }
    }
  }

  private ChildResult result(ProcessEvent event, boolean timedOut, boolean tooLarge)
      throws IOException {
    // An exit code other than 0 is an exception to im4java too; only a missing process is one here.
    if (event.getProcess() == null) {
      throw new IOException("could not start a child process", event.getException());
    }
    return new ChildResult(event.getReturnCode(), output, errors, timedOut, tooLarge);
  }

  private synchronized void kill() {
    killed = true;
    if (process != null) {
      killTree(process);
      killStragglers();
    }
  }

  /** Kills a process and all it has started, at once, whatever they are doing. */
  static void killTree(Process process) {
    List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
    tree.addFirst(process.toHandle());
    tree.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void processInitiated(ProcessEvent event) {}

  @Override
  public synchronized void processStarted(ProcessEvent event) {
    process = event.getProcess();
    try {
      // Closed, because a tool that reads its input would wait for ever.
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (killed) {
      kill();
    }
  }

  @Override
  public void processTerminated(ProcessEvent event) {}
}
