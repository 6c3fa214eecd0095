package dev.pictj.upkeep;

/**
 * When so many stored files have no name that the catalog may be at fault.
 *
 * @param files so many may have none
 * @param percent so many of a hundred that are stored may have none; both must be exceeded
 */
public record Suspicion(int files, int percent) {
  /** What a check goes by, and a server where it is told nothing else. */
  public static final Suspicion DEFAULT = new Suspicion(20, 1);

  /** Whether so many of these are too many. */
  public boolean raisedBy(long unnamed, long stored) {
    return unnamed > files && unnamed * 100 > stored * percent;
  }
}
