package dev.pictj.engine.admission;

/** The two kinds of jobs, which wait apart from each other. */
public enum Lane {
  /** Jobs whose predicted cost is low. */
  SMALL,

  /** All other jobs. */
  LARGE
}
