package dev.pictj.engine.admission;

/** How fast the jobs of one lane have been lately; the last ten or so count. */
final class Pace {
  private static final double DECAY = 0.9;

  /** Before anything was measured: a modest core. */
  private static final double INITIAL_WORK_PER_SECOND = 25e6;

  private double work = INITIAL_WORK_PER_SECOND;
  private double seconds = 1;

  void ended(long jobWork, long nanos) {
    work = work * DECAY + jobWork;
    seconds = seconds * DECAY + nanos / 1e9;
  }

  /** How long one slot will take for this much. */
  double secondsFor(long wanted) {
    return work <= 0 ? 0 : wanted * seconds / work;
  }
}
