package dev.pictj.catalog;

/** An alias exists already. */
public final class AliasTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String alias;

  /** Names the alias that exists. */
  public AliasTakenException(String alias) {
    super("alias taken");
    this.alias = alias;
  }

  /** The alias that exists. */
  public String alias() {
    return alias;
  }
}
