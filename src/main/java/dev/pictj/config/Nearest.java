package dev.pictj.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What somebody may have meant who wrote a name that does not exist. */
public final class Nearest {
  /** Longer names are no misspelling, and comparing them would take long. */
  private static final int MAX_LENGTH = 100;

  private Nearest() {}

  /**
   * The name that differs from what was written by the fewest letters.
   *
   * @param compared the part of a name that is compared
   */
  static String of(String written, List<String> names, UnaryOperator<String> compared) {
    String from = written.substring(0, Math.min(written.length(), MAX_LENGTH));
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(from, compared.apply(name))))
        .orElseThrow();
  }

  /** The name that was meant, empty where half of what was written is another. */
  public static Optional<String> meant(String written, List<String> names) {
    return Optional.of(of(written, names, UnaryOperator.identity()))
        .filter(name -> 2 * distance(shortened(written), name) <= written.length());
  }

  /** As much of a name as is worth showing. */
  static String shortened(String name) {
    return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "…";
  }

  /** How many letters are to be put in or left out; that a word is missing is the usual mistake. */
  private static int distance(String from, String meant) {
    int[] row = new int[meant.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int changed = diagonal + (from.charAt(i - 1) == meant.charAt(j - 1) ? 0 : 2);
        row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[meant.length()];
  }
}
