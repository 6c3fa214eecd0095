package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildLimits;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The installed ffmpeg, and the ffprobe that comes with it.
 *
 * @param program absolute
 * @param probe absolute
 * @param hasFpsMode whether it knows {@code -fps_mode}, as of 5.1; it was {@code -vsync} before
 */
public record FfmpegTool(Path program, Path probe, boolean hasFpsMode) {
  /** Before 6 either option is right, and what has no number was built lately. */
  private static final Pattern OLD = Pattern.compile("ffmpeg version n?[1-5]\\..*");

  private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Looks for {@code ffmpeg} with {@code ffprobe} beside it. A program of that name is asked for
   * its version and passed over when it is something else.
   *
   * @param folders in order of preference, as on {@code PATH}
   */
  public static Optional<FfmpegTool> find(List<Path> folders)
      throws EngineException, InterruptedException {
    Path temp = Path.of(System.getProperty("java.io.tmpdir"));
    for (Path folder : folders) {
      Path candidate = folder.toAbsolutePath().resolve("ffmpeg");
      Path probe = probe(candidate);
      if (Files.isExecutable(candidate) && Files.isExecutable(probe)) {
        FfmpegTool tool = new FfmpegTool(candidate, probe, true);
        ChildResult result =
            tool.version(new ChildRunner(temp, Sandbox.none()), ChildLimits.of(VERSION_TIMEOUT));
        if (result.exitCode() == 0 && result.output().startsWith("ffmpeg version")) {
          boolean old = OLD.matcher(result.output()).lookingAt();
          return Optional.of(new FfmpegTool(candidate, probe, !old));
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

  /** Made from the same source and installed with it, which may be behind a link. */
  private static Path probe(Path program) {
    try {
      Path beside = program.resolveSibling("ffprobe");
      return Files.isExecutable(beside) ? beside : program.toRealPath().resolveSibling("ffprobe");
    } catch (IOException _) {
      return program.resolveSibling("ffprobe");
    }
  }

  private ChildResult version(ChildRunner runner, ChildLimits limits)
      throws EngineException, InterruptedException {
    return runner.run(new ChildCommand(program, List.of("-version"), Map.of()), limits);
  }
}
