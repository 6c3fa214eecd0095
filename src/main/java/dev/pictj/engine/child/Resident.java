package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A child that stays and is talked to through its standard input and output, in a sandbox like
 * those of {@link ChildRunner}. What it says on standard error is thrown away.
 */
public final class Resident implements AutoCloseable {
  private final Scratch scratch;
  private final Process process;

  private Resident(Scratch scratch, Process process) {
    this.scratch = scratch;
    this.process = process;
  }

  /**
   * Starts one. To be called by a platform thread that lives at least as long as the child: under
   * {@code bwrap} the child dies with the thread.
   *
   * @param limits of which time is the caller's to keep
   * @param tempRoot an existing folder, in which it gets one of its own
   */
  public static Resident start(
      ChildCommand command, ChildLimits limits, Path tempRoot, Sandbox sandbox)
      throws EngineException {
    try {
      Scratch scratch = new Scratch(tempRoot.toAbsolutePath());
      try {
        return new Resident(
            scratch,
            new ProcessBuilder(ChildRunner.line(command, limits, scratch.folder(), sandbox))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
      } catch (IOException e) {
        scratch.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EngineException("could not start " + command.tool(), e);
    }
  }

  /** What it reads. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** What it writes; ends when it dies. */
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
