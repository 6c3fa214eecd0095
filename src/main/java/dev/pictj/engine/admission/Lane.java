package dev.pictj.engine.admission;

/** The two kinds of jobs, which wait apart from each other. */
enum Lane {
  SMALL,
  LARGE
}
