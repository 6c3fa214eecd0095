package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.StartTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.im4java.core.IM4JavaException;

/**
 * Runs tools as child processes: in a sandbox, limited, killed with all they have started when
 * their time is over, their disk is full or the caller is interrupted, each with a private temp
 * folder that is removed whatever happens.
 *
 * <p>Safe for use by many threads.
 */
public final class ChildRunner {
  private static final Path ENV = Path.of("/usr/bin/env");
  private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(10);

  private final Path folder;
  private final StartTask<Sandbox> sandbox;

  /**
   * Makes a runner.
   *
   * @param folder an existing one, in which each run gets one of its own
   * @param sandbox what surrounds each run, once it is known which one works
   */
  public ChildRunner(Path folder, StartTask<Sandbox> sandbox) {
    this.folder = folder.toAbsolutePath();
    this.sandbox = sandbox;
  }

  /** A runner with a sandbox that is chosen already. */
  public ChildRunner(Path folder, Sandbox sandbox) {
    this(folder, StartTask.done(sandbox));
  }

  /** A runner whose runs have their folders in one of this name, made where it is not there. */
  public ChildRunner in(String name) throws EngineException {
    Path inner = folder.resolve(name);
    try {
      return new ChildRunner(Files.createDirectories(inner), sandbox);
    } catch (IOException e) {
      throw new EngineException("could not make " + inner, e);
    }
  }

  /**
   * What a program prints when it is asked for its version, in no sandbox: whatever is installed on
   * this machine is trusted.
   *
   * @return empty where it fails
   */
  public static Optional<String> version(Path program)
      throws EngineException, InterruptedException {
    ChildResult result =
        new ChildRunner(Path.of(System.getProperty("java.io.tmpdir")), Sandbox.none())
            .run(
                new ChildCommand(program, List.of("-version"), Map.of()),
                ChildLimits.of(VERSION_TIMEOUT));
    return Optional.of(result.output()).filter(_ -> result.exitCode() == 0);
  }

  /** The absolute path of the folder in which runs have theirs. */
  public Path folder() {
    return folder;
  }

  /**
   * Runs a command to its end.
   *
   * @return however it ended, a kill after a limit included
   * @throws EngineException when no process or temp folder could be made
   * @throws InterruptedException when this thread is interrupted; the child is dead by then
   */
  public ChildResult run(ChildCommand command, ChildLimits limits)
      throws EngineException, InterruptedException {
    Sandbox chosen = sandbox.await();
    try (Scratch scratch = new Scratch(folder)) {
      // With a pid namespace the kernel kills all processes of the child.
      Optional<Stragglers> stragglers =
          chosen.isolates() ? Optional.empty() : Optional.of(new Stragglers(scratch.folder()));
      ChildRun run = new ChildRun(line(command, limits, scratch.folder(), chosen), stragglers);
      try {
        return run.await(limits, scratch, command.writable());
      } finally {
        run.killStragglers();
      }
    } catch (IOException | IM4JavaException e) {
      throw new EngineException("could not run " + command.tool(), e);
    }
  }

  /**
   * Starts a child that stays. To be called by a platform thread that lives at least as long: under
   * {@code bwrap} the child dies with the thread.
   *
   * @param limits of which time is the caller's to keep
   */
  public Resident start(ChildCommand command, ChildLimits limits)
      throws EngineException, InterruptedException {
    Sandbox chosen = sandbox.await();
    try {
      Scratch scratch = new Scratch(folder);
      try {
        return new Resident(
            scratch,
            new ProcessBuilder(line(command, limits, scratch.folder(), chosen))
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

  /** im4java cannot set an environment, so env(1) does it. */
  private static List<String> line(
      ChildCommand command, ChildLimits limits, Path scratch, Sandbox sandbox) {
    Map<String, String> environment = new TreeMap<>(command.environment());
    environment.put("HOME", scratch.toString());
    environment.put("TMPDIR", scratch.toString());
    environment.put("MAGICK_TEMPORARY_PATH", scratch.toString());
    // One arena: otherwise each thread may reserve 128 MiB of the address space that --as bounds.
    environment.put("MALLOC_ARENA_MAX", "2");
    List<String> line = new ArrayList<>(List.of(ENV.toString(), "-i"));
    environment.forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(sandbox.words(command, limits, scratch));
    line.add(command.tool().toString());
    line.addAll(command.arguments());
    return line;
  }
}
