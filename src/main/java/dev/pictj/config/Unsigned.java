package dev.pictj.config;

/** Which variants may be asked for by URLs that are not signed. */
public enum Unsigned {
  /** Any. */
  ALL,
  /** Those of presets. */
  PRESETS,
  /** None. */
  NONE
}
