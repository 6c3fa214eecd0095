package dev.pictj.process;

/** How a side that is worked out becomes a whole number of pixels. */
public enum Rounding {
  /** To the next lower one. */
  DOWN,
  /** To the nearest one, halves up. */
  NEAREST
}
