package dev.pictj.engine.vips.worker;

import java.time.Duration;

/**
 * How many processes run libvips, and what each of them may use.
 *
 * @param jobs at a time, each by a process of its own
 * @param memoryBytes address space of one process
 * @param outputBytes the most that one job may write
 * @param idleTime the quiet time after which the last process is ended too
 */
public record WorkerLimits(int jobs, long memoryBytes, long outputBytes, Duration idleTime) {}
