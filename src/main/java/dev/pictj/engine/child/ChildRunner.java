package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.im4java.core.IM4JavaException;

/**
 * Runs tools as child processes: limited, killed with their descendants when their time is over or
 * the caller is interrupted, each with a private temp folder that is removed whatever happens.
 *
 * <p>Safe for use by many threads.
 */
public final class ChildRunner {
  private static final Path ENV = Path.of("/usr/bin/env");
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  private final Path tempRoot;
  private final boolean kernelLimits;

  /**
   * A runner.
   *
   * @param tempRoot an existing folder, in which each run gets one of its own
   */
  public ChildRunner(Path tempRoot) {
    this.tempRoot = tempRoot.toAbsolutePath();
    this.kernelLimits = Files.isExecutable(PRLIMIT);
  }

  /**
   * Runs a command to its end.
   *
   * @return however it ended, a kill after the time limit included
   * @throws EngineException when no process or temp folder could be made
   * @throws InterruptedException when this thread is interrupted; the child is dead by then
   */
  public ChildResult run(ChildCommand command, ChildLimits limits)
      throws EngineException, InterruptedException {
    try {
      Path scratch = Files.createTempDirectory(tempRoot, "run-");
      try {
        return new ChildRun(line(command, limits, scratch)).await(limits.timeout());
      } finally {
        removeTree(scratch);
      }
    } catch (IOException | IM4JavaException e) {
      throw new EngineException("could not run " + command.tool(), e);
    }
  }

  /** im4java cannot set an environment, so env(1) does it. */
  private List<String> line(ChildCommand command, ChildLimits limits, Path scratch) {
    Map<String, String> environment = new TreeMap<>(command.environment());
    environment.put("HOME", scratch.toString());
    environment.put("TMPDIR", scratch.toString());
    environment.put("MAGICK_TEMPORARY_PATH", scratch.toString());
    List<String> line = new ArrayList<>(List.of(ENV.toString(), "-i"));
    environment.forEach((name, value) -> line.add(name + "=" + value));
    if (kernelLimits) {
      line.add(PRLIMIT.toString());
      line.add("--core=0");
      line.add("--fsize=" + limits.fileBytes());
      line.add("--cpu=" + Math.max(1, limits.cpu().toSeconds()));
    }
    line.add(command.tool().toString());
    line.addAll(command.arguments());
    return line;
  }

  private static void removeTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes ignored)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
