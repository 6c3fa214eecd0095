package dev.pictj.engine.child;

import java.time.Duration;

/**
 * What one run of a tool may use.
 *
 * @param timeout wall time until the child is killed
 * @param cpu processor time of all its threads together, enforced by the kernel where {@code
 *     prlimit} is installed; a net for the case that this server dies before its children
 * @param fileBytes the largest file it may write, enforced like {@code cpu}
 */
public record ChildLimits(Duration timeout, Duration cpu, long fileBytes) {
  private static final long DEFAULT_FILE_BYTES = 1L << 30;

  /** Refuses limits that allow nothing. */
  public ChildLimits {
    if (!timeout.isPositive() || !cpu.isPositive() || fileBytes < 1) {
      throw new IllegalArgumentException("limits of a child process must be positive");
    }
  }

  /** Limits with this wall time, four times as much processor time and files of up to 1 GiB. */
  public static ChildLimits of(Duration timeout) {
    return new ChildLimits(timeout, timeout.multipliedBy(4), DEFAULT_FILE_BYTES);
  }

  /** The same with another limit for one file. */
  public ChildLimits withFileBytes(long bytes) {
    return new ChildLimits(timeout, cpu, bytes);
  }
}
