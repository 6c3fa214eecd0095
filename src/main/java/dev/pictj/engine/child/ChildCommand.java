package dev.pictj.engine.child;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A tool, its arguments, the whole of its environment and the files it needs.
 *
 * @param tool an absolute path
 * @param arguments passed as they are; no shell is involved
 * @param environment nothing else of the server's own environment reaches the child, except {@code
 *     TMPDIR}, {@code HOME} and {@code MAGICK_TEMPORARY_PATH}, which name its private temp folder
 * @param readable files and folders that it reads; under {@code bwrap} it sees no others than these
 *     and the system's programs and libraries
 * @param writable existing files that it writes; their sizes are bounded while it runs
 */
public record ChildCommand(
    Path tool,
    List<String> arguments,
    Map<String, String> environment,
    List<Path> readable,
    List<Path> writable) {
  /** Refuses a tool that would not be run as what it is. */
  public ChildCommand {
    // env(1) would take an argument with an equals sign for one more variable.
    if (!tool.isAbsolute() || tool.toString().contains("=")) {
      throw new IllegalArgumentException("not an absolute path without '=': " + tool);
    }
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    readable = readable.stream().map(Path::toAbsolutePath).toList();
    writable = writable.stream().map(Path::toAbsolutePath).toList();
  }

  /** A command that needs no file but those in its private temp folder. */
  public ChildCommand(Path tool, List<String> arguments, Map<String, String> environment) {
    this(tool, arguments, environment, List.of(), List.of());
  }

  /** This command, which may read these files and folders and nothing else. */
  public ChildCommand reading(Path... paths) {
    return new ChildCommand(tool, arguments, environment, List.of(paths), writable);
  }

  /** This command, which may write these files and nothing else. */
  public ChildCommand writing(Path... paths) {
    return new ChildCommand(tool, arguments, environment, readable, List.of(paths));
  }
}
