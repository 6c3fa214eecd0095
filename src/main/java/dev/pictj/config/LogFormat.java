package dev.pictj.config;

/** How a line of the log is written. */
public enum LogFormat {
  /** Text for people. */
  PLAIN,
  /** One JSON object a line. */
  JSON
}
