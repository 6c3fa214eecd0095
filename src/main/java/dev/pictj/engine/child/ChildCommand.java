package dev.pictj.engine.child;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A tool, its arguments and the whole of its environment.
 *
 * @param tool an absolute path
 * @param arguments passed as they are; no shell is involved
 * @param environment nothing else of the server's own environment reaches the child, except {@code
 *     TMPDIR}, {@code HOME} and {@code MAGICK_TEMPORARY_PATH}, which name its private temp folder
 */
public record ChildCommand(Path tool, List<String> arguments, Map<String, String> environment) {
  /** Refuses a tool that would not be run as what it is. */
  public ChildCommand {
    // env(1) would take a word with an equals sign for one more variable.
    if (!tool.isAbsolute() || tool.toString().contains("=")) {
      throw new IllegalArgumentException("not an absolute path without '=': " + tool);
    }
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }
}
