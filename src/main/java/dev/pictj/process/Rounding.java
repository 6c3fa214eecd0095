package dev.pictj.process;

/** How a side that is worked out becomes a whole number of pixels. */
public enum Rounding {
  /** Down to the next whole number. */
  DOWN,
  /** To the nearest whole number, halves up. */
  NEAREST
}
