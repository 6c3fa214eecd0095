package dev.pictj.engine.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.im4java.core.IM4JavaException;
import org.im4java.core.ImageCommand;
import org.im4java.core.Operation;
import org.im4java.process.ProcessEvent;
import org.im4java.process.ProcessEventListener;
import org.im4java.process.ProcessTask;

/**
 * One run of one command line through im4java, which is not thread-safe and leaves the child alive
 * when its caller is interrupted: hence a fresh command each time, run on a thread of its own,
 * while the caller waits and kills.
 */
final class ChildRun implements ProcessEventListener {
  private static final int KEPT_OUTPUT = 256 * 1024;
  private static final int KEPT_ERRORS = 8 * 1024;

  /** How long a killed child may take to be gone. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final BoundedText output = new BoundedText(KEPT_OUTPUT);
  private final BoundedText errors = new BoundedText(KEPT_ERRORS);
  private final ProcessTask task;
  private Process process;
  private boolean killed;

  ChildRun(List<String> line) throws IOException, IM4JavaException {
    ImageCommand command = new ImageCommand(line.getFirst());
    command.setOutputConsumer(output::readAll);
    command.setErrorConsumer(errors::readAll);
    command.addProcessEventListener(this);
    Operation operation = new Operation();
    operation.addRawArgs(line.subList(1, line.size()));
    task = command.getProcessTask(operation);
  }

  ChildResult await(Duration timeout) throws IOException, InterruptedException {
    Thread.ofVirtual().name("child").start(task);
    try {
      return result(task.get(timeout.toMillis(), TimeUnit.MILLISECONDS), false);
    } catch (TimeoutException over) {
      return killAfterTimeout();
    } catch (ExecutionException failed) {
      kill();
      throw new IOException(failed.getCause());
    } catch (InterruptedException interrupted) {
      kill();
      awaitEndUninterrupted();
      throw interrupted;
    }
  }

  private ChildResult killAfterTimeout() throws IOException, InterruptedException {
    kill();
    try {
      return result(task.get(GRACE.toMillis(), TimeUnit.MILLISECONDS), true);
    } catch (TimeoutException | ExecutionException unkillable) {
      return new ChildResult(-1, output.text(), errors.text(), true);
    }
  }

  /** Waits for the end of a killed child, so that its temp folder can be removed. */
  private void awaitEndUninterrupted() {
    long end = System.nanoTime() + GRACE.toNanos();
    while (!task.isDone() && System.nanoTime() < end) {
      try {
        task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException | TimeoutException | ExecutionException reason) {
        // The loop looks again; the caller throws InterruptedException anyway.
        Thread.onSpinWait();
      }
    }
  }

  private ChildResult result(ProcessEvent event, boolean timedOut) throws IOException {
    // An exit code other than 0 is an exception to im4java too; only a missing process is one here.
    if (event.getProcess() == null) {
      throw new IOException("could not start a child process", event.getException());
    }
    return new ChildResult(event.getReturnCode(), output.text(), errors.text(), timedOut);
  }

  private synchronized void kill() {
    killed = true;
    if (process != null) {
      List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
      tree.addFirst(process.toHandle());
      tree.forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Override
  public void processInitiated(ProcessEvent event) {}

  @Override
  public synchronized void processStarted(ProcessEvent event) {
    process = event.getProcess();
    try {
      // Left open, a tool that reads its input would wait for ever.
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
