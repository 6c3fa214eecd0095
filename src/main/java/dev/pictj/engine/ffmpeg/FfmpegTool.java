package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Programs;
import dev.pictj.engine.child.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The installed ffmpeg, and the ffprobe that comes with it.
 *
 * @param program absolute
 * @param probe absolute
 * @param hasFpsMode whether it knows {@code -fps_mode}, as of 5.1; it was {@code -vsync} before
 * @param hasAv1 whether it was built with the encoder of AV1 that is used here
 * @param version such as {@code 7.1.5-0+deb13u1}
 */
public record FfmpegTool(
    Path program, Path probe, boolean hasFpsMode, boolean hasAv1, String version) {
  /** Before version 6 either option works; a build without a number is of a newer version. */
  private static final Pattern BEFORE_VERSION_6 = Pattern.compile("ffmpeg version n?[1-5]\\..*");

  /** The encoder of AV1 that is used. */
  static final String AV1_ENCODER = "libaom-av1";

  private static final Pattern VERSION = Pattern.compile("ffmpeg version (\\S+)");

  /**
   * Looks for {@code ffmpeg} with {@code ffprobe} beside it. A program of that name is asked for
   * its version and passed over when it is something else.
   *
   * @param folders in order of preference, as on {@code PATH}
   */
  public static Optional<FfmpegTool> find(List<Path> folders)
      throws EngineException, InterruptedException {
    for (Path program : Programs.named("ffmpeg", folders)) {
      Path probe = probe(program);
      Optional<String> version =
          Files.isExecutable(probe) ? ChildRunner.version(program) : Optional.empty();
      if (version.filter(said -> said.startsWith("ffmpeg version")).isPresent()) {
        String said = version.get();
        Matcher number = VERSION.matcher(said);
        return Optional.of(
            new FfmpegTool(
                program,
                probe,
                !BEFORE_VERSION_6.matcher(said).lookingAt(),
                said.contains("--enable-libaom"),
                number.lookingAt() ? number.group(1) : ""));
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
    ChildCommand version = new ChildCommand(program, List.of("-version"), Map.of());
    return sandbox -> new ChildRunner(folder, sandbox).run(version, limits.child()).failure();
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
}
