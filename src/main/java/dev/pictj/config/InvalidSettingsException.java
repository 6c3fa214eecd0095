package dev.pictj.config;

import java.util.List;

/** Settings that cannot be used: one readable line for each. */
public final class InvalidSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;
  private final transient List<String> warnings;

  /** All problems at once. */
  public InvalidSettingsException(List<String> problems) {
    this(problems, List.of());
  }

  /**
   * All problems at once, and what else an administrator should know of the same settings.
   *
   * @param warnings a sentence for each
   */
  InvalidSettingsException(List<String> problems, List<String> warnings) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
    this.warnings = List.copyOf(warnings);
  }

  /** The problems, one line each. */
  public List<String> problems() {
    return problems;
  }

  /** The warnings about these settings, one line each. */
  public List<String> warnings() {
    return warnings;
  }
}
