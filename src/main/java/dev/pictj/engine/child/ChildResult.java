package dev.pictj.engine.child;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a run of a tool ended.
 *
 * @param exitCode 128 + n when signal n ended it
 * @param output the beginning of its standard output
 * @param errors the beginning of its standard error
 * @param timedOut whether it was killed because its time was over
 * @param tooLarge whether its temp folder or what it wrote passed a limit; it was killed for that
 *     unless it ended before anybody looked
 */
public record ChildResult(
    int exitCode, String output, String errors, boolean timedOut, boolean tooLarge) {
  /** Exit codes of SIGKILL, SIGXCPU and SIGXFSZ: 128 and the number of the signal. */
  private static final Set<Integer> LIMIT_REACHED = Set.of(128 + 9, 128 + 24, 128 + 25);

  /** Whether it ended because a limit of time, memory or disk was reached. */
  public boolean exhausted() {
    return timedOut || tooLarge || LIMIT_REACHED.contains(exitCode);
  }

  /** Whether it met a full disk, which is no fault of its input. */
  public boolean diskFull() {
    return Stream.of("No space left on device", "out of disk space", "Disk quota exceeded")
        .anyMatch(errors::contains);
  }

  /**
   * Whether the tool could not be started: by the exit codes of env(1), prlimit(1) and the shell,
   * and by the beginning of their error messages.
   */
  public boolean notStarted() {
    return !timedOut
        && (exitCode == 126
            || exitCode == 127
            || (exitCode == 1
                && Stream.of("bwrap: ", "prlimit: ", "setsid: ", "choom: ")
                    .anyMatch(errors::startsWith)));
  }

  /** Why the run failed, by the first line of standard error; empty when it did not fail. */
  public Optional<String> failure() {
    return exitCode == 0 && !exhausted()
        ? Optional.empty()
        : errors
            .lines()
            .filter(line -> !line.isBlank())
            .findFirst()
            .or(() -> Optional.of("exit status " + exitCode));
  }
}
