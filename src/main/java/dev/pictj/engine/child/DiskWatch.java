package dev.pictj.engine.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Looks at what a running child has on disk. */
final class DiskWatch {
  private final Scratch scratch;
  private final List<Path> outputs;
  private final ChildLimits limits;

  DiskWatch(Scratch scratch, List<Path> outputs, ChildLimits limits) {
    this.scratch = scratch;
    this.outputs = outputs;
    this.limits = limits;
  }

  /** Whether one of the limits is passed now. */
  boolean isOver() throws IOException {
    return isOutputOver() || scratch.holdsMoreThan(limits.tempBytes());
  }

  /** Whether the files that it was given to write are too large together. */
  boolean isOutputOver() throws IOException {
    long sum = 0;
    for (Path output : outputs) {
      sum += size(output);
    }
    return sum > limits.outputBytes();
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException gone) {
      // The tool has removed what it could not finish.
      return 0;
    }
  }
}
