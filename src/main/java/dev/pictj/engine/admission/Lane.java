package dev.pictj.engine.admission;

/** The two kinds of jobs, which wait apart from each other. */
public enum Lane {
  /** Cheap ones. */
  SMALL,

  /** All others. */
  LARGE
}
