package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A child that stays and is talked to through its standard input and output, in a sandbox like
 * those of {@link ChildRunner}. What it says on standard error is thrown away.
 */
public final class Resident implements AutoCloseable {
  private final Scratch scratch;
  private final Process process;

  Resident(Scratch scratch, Process process) {
    this.scratch = scratch;
    this.process = process;
  }

  /** The standard input of the child. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** The standard output of the child, which ends when it dies. */
  public InputStream output() {
    return process.getInputStream();
  }

  /** Whether it is dead, or will be before so much time is over. */
  public boolean diesWithin(Duration time) throws InterruptedException {
    return process.waitFor(time);
  }

  /** Kills it and all it has started, at once, whatever it is doing. */
  public void kill() {
    ChildRun.killTree(process);
  }

  /** Kills it and removes its temp folder. */
  @Override
  public void close() throws EngineException {
    kill();
    try {
      process.onExit().join();
      scratch.close();
    } catch (IOException e) {
      throw new EngineException("could not remove the temp folder of a child", e);
    }
  }
}
