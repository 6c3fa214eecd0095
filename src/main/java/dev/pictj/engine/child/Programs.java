package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the programs that are installed. */
public final class Programs {
  private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(10);

  private Programs() {}

  /**
   * The programs of a name.
   *
   * @param folders where they may be, in order of preference, as on {@code PATH}
   */
  public static List<Path> named(String name, List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.toAbsolutePath().resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .distinct()
        .toList();
  }

  /**
   * What a program prints when it is asked for its version. It is trusted and runs in no sandbox.
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
}
