package dev.pictj.engine.child;

import dev.pictj.engine.StartTask;
import java.nio.file.Path;

/**
 * Where child processes work.
 *
 * @param folder an existing one, in which each of them gets a temp folder
 * @param sandbox what surrounds each of them, once it is known which one works
 */
public record Workplace(Path folder, StartTask<Sandbox> sandbox) {
  /** A place whose sandbox is chosen already. */
  public Workplace(Path folder, Sandbox sandbox) {
    this(folder, StartTask.done(sandbox));
  }
}
