package dev.pictj.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds the existing name that is most like a misspelt one. */
public final class Nearest {
  /** The most characters of a name that is compared; longer ones would take long. */
  private static final int MAX_LENGTH = 100;

  /** What an option begins with, and its name in a file or a variable does not. */
  private static final String OPTION = "--";

  private Nearest() {}

  /** The end of a sentence about a name that does not exist: which one is near, if one is. */
  static String inWords(String written, List<String> names, UnaryOperator<String> compared) {
    return of(written, names, compared).map(name -> "; the nearest is " + name).orElse("");
  }

  /**
   * The name that differs from what was written by the fewest letters, where those are two, or a
   * third of the longer one, where one of them has words that the other lacks, or where it would be
   * {@linkplain #meant meant} by an option.
   *
   * @param compared the part of a name that is compared; of what was written it is all
   */
  private static Optional<String> of(
      String written, List<String> names, UnaryOperator<String> compared) {
    String from = written.substring(0, Math.min(written.length(), MAX_LENGTH));
    return first(from, names, compared).filter(name -> isNear(from, compared.apply(name)));
  }

  private static Optional<String> first(
      String from, List<String> names, UnaryOperator<String> compared) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(from, compared.apply(name))));
  }

  private static boolean isNear(String from, String name) {
    int distance = distance(from, name);
    return (distance <= 2 && distance < from.length())
        || 3 * distance <= Math.max(from.length(), name.length())
        || hasMoreWords(from, name)
        || hasMoreWords(name, from)
        || (!hasSection(from) && isHalfRight(from.length() + OPTION.length(), distance));
  }

  /** Whose being right would make half of any name right. */
  private static boolean hasSection(String name) {
    return name.contains(".") || name.contains("__");
  }

  private static boolean isHalfRight(int length, int distance) {
    return 2 * distance <= length;
  }

  /** Whether all words of one are in the other, in their order, and are at least half of it. */
  private static boolean hasMoreWords(String few, String many) {
    List<String> wanted = List.of(few.split("[_.-]+"));
    List<String> all = List.of(many.split("[_.-]+"));
    int found = 0;
    for (String word : all) {
      if (found < wanted.size() && wanted.get(found).equals(word)) {
        found++;
      }
    }
    return found == wanted.size() && 2 * found >= all.size();
  }

  /** The name that was meant, empty where half of what was written is another. */
  public static Optional<String> meant(String written, List<String> names) {
    String from = written.substring(0, Math.min(written.length(), MAX_LENGTH));
    return first(from, names, UnaryOperator.identity())
        .filter(name -> isHalfRight(written.length(), distance(from, name)));
  }

  /** A name cut to the length that a message shows. */
  static String shortened(String name) {
    return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "…";
  }

  /** The number of letters to insert or delete from one name to the other. */
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
