package dev.pictj.engine.child;

import java.time.Duration;

/**
 * What one run of a tool may use. The kernel enforces those of processor, file and memory, exactly
 * and even when this server dies before its children, where {@code prlimit} works; the server
 * itself enforces the others.
 *
 * @param timeout wall time until the child is killed
 * @param cpu processor time of all threads of one process together
 * @param fileBytes the largest file it may write
 * @param memoryBytes address space of one process
 * @param tempBytes its private temp folder, looked at a few times a second
 * @param outputBytes the files it was given to write, looked at as often
 */
public record ChildLimits(
    Duration timeout,
    Duration cpu,
    long fileBytes,
    long memoryBytes,
    long tempBytes,
    long outputBytes) {
  private static final long GIB = 1L << 30;

  /** Refuses limits that allow nothing. */
  public ChildLimits {
    if (!timeout.isPositive()
        || !cpu.isPositive()
        || Math.min(Math.min(fileBytes, memoryBytes), Math.min(tempBytes, outputBytes)) < 1) {
      throw new IllegalArgumentException("limits of a child process must be positive");
    }
  }

  /**
   * Limits with this wall time, four times as much processor time, files of up to 1 GiB, 3 GiB of
   * memory and 2 GiB of temp files.
   */
  public static ChildLimits of(Duration timeout) {
    return new ChildLimits(timeout, timeout.multipliedBy(4), GIB, 3 * GIB, 2 * GIB, GIB);
  }

  /** These limits with another wall time. */
  public ChildLimits withTimeout(Duration time) {
    return new ChildLimits(time, cpu, fileBytes, memoryBytes, tempBytes, outputBytes);
  }

  /** These limits with another limit for one file. */
  public ChildLimits withFileBytes(long bytes) {
    return new ChildLimits(timeout, cpu, bytes, memoryBytes, tempBytes, outputBytes);
  }

  /** These limits with another limit of address space. */
  public ChildLimits withMemoryBytes(long bytes) {
    return new ChildLimits(timeout, cpu, fileBytes, bytes, tempBytes, outputBytes);
  }
}
