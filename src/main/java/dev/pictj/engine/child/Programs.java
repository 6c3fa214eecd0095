package dev.pictj.engine.child;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the programs that are installed. */
public final class Programs {
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
}
