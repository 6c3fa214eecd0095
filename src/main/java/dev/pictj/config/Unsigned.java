package dev.pictj.config;

/** Which variants may be asked for by URLs that are not signed. */
public enum Unsigned {
  /** All variants. */
  ALL,
  /** Variants of presets alone. */
  PRESETS,
  /** No variant: every URL of one has to be signed. */
  NONE
}
