package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildLimits;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The installed ffmpeg.
 *
 * @param program absolute
 */
public record FfmpegTool(Path program) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Looks for {@code ffmpeg}. A program of that name is asked for its version and passed over when
   * it is something else.
   *
   * @param folders in order of preference, as on {@code PATH}
   */
  public static Optional<FfmpegTool> find(List<Path> folders)
      throws EngineException, InterruptedException {
    Path temp = Path.of(System.getProperty("java.io.tmpdir"));
    for (Path folder : folders) {
      Path candidate = folder.toAbsolutePath().resolve("ffmpeg");
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        FfmpegTool tool = new FfmpegTool(candidate);
        ChildResult result =
            tool.version(new ChildRunner(temp, Sandbox.none()), ChildLimits.of(PATIENCE));
        if (result.exitCode() == 0 && result.output().startsWith("ffmpeg version")) {
          return Optional.of(tool);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether it runs in a sandbox.
   *
   * @param folder an existing one for temp files
   */
  public Sandbox.Trial trial(FfmpegLimits limits, Path folder) {
    return sandbox -> version(new ChildRunner(folder, sandbox), limits.child()).failure();
  }

  private ChildResult version(ChildRunner runner, ChildLimits limits)
      throws EngineException, InterruptedException {
    return runner.run(new ChildCommand(program, List.of("-version"), Map.of()), limits);
  }
}
