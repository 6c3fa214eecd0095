package dev.pictj.engine.child;

/**
 * How a run of a tool ended.
 *
 * @param exitCode 128 + n when signal n ended it
 * @param output the beginning of its standard output
 * @param errors the beginning of its standard error
 * @param timedOut whether it was killed because its time was over
 */
public record ChildResult(int exitCode, String output, String errors, boolean timedOut) {
  private static final int KILLED = 128 + 9;
  private static final int OUT_OF_CPU_TIME = 128 + 24;
  private static final int FILE_TOO_LARGE = 128 + 25;

  /** Whether it ended because a limit of time, memory or disk was reached. */
  public boolean exhausted() {
    return timedOut
        || exitCode == KILLED
        || exitCode == OUT_OF_CPU_TIME
        || exitCode == FILE_TOO_LARGE;
  }

  /** Whether the tool could not be started: the codes of env(1), prlimit(1) and the shell. */
  public boolean notStarted() {
    return !timedOut && (exitCode == 126 || exitCode == 127);
  }
}
