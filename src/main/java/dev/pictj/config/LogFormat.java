package dev.pictj.config;

/** How a line of the log is written. */
public enum LogFormat {
  /** For people. */
  PLAIN,
  /** One JSON object a line. */
  JSON
}
