package dev.pictj.process;

import dev.pictj.media.Excerpt;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * The value of an operation in a query, as it was written.
 *
 * @param name of the operation, for messages
 */
record ParameterValue(String name, String text) {
  private static final int MAX_DIGITS = 9;
  private static final int MAX_LENIENT_DIGITS = 18;
  private static final int MAX_SHOWN = 40;
  private static final Pattern DECIMAL =
      Pattern.compile("\\+?([0-9]{1,9}(\\.[0-9]{0,20})?|\\.[0-9]{1,20})([eE][+-]?[0-9]{1,2})?");

  /** The side of a square, at least 1. */
  int side(ChainRules rules) throws InvalidChainException {
    if (!rules.lenient()) {
      return wholeNumber(text, rules.maxSide(), "a whole number from 1 to " + rules.maxSide());
    }
    // No picture has a longer side, so a larger number changes nothing.
    return (int) Math.min(Integer.MAX_VALUE, anyNumber());
  }

  /** A number of pixels, at least 1. */
  long area() throws InvalidChainException {
    return anyNumber();
  }

  /** Reads a number of any size leniently: 0 becomes 1. */
  private long anyNumber() throws InvalidChainException {
    if (!isInteger(text, MAX_LENIENT_DIGITS)) {
      throw isNot("a whole number");
    }
    return Math.max(1, Long.parseLong(text));
  }

  /** Two whole numbers of at least 1 with an x between them. */
  int[] ratio(ChainRules rules) throws InvalidChainException {
    int max = rules.maxCrop();
    String wanted = "a ratio such as 16x9 of whole numbers from 1 to " + max;
    String[] sides = text.split("x", -1);
    if (rules.lenient() ? sides.length < 2 : sides.length != 2) {
      throw isNot(wanted);
    }
    return new int[] {wholeNumber(sides[0], max, wanted), wholeNumber(sides[1], max, wanted)};
  }

  /** A number above 0, or 0 for a lenient reader. */
  BigDecimal decimal(ChainRules rules) throws InvalidChainException {
    int max = rules.maxSigma();
    if (DECIMAL.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      if (number.signum() >= (rules.lenient() ? 0 : 1)
          && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
        return number;
      }
    }
    throw isNot("a number %s 0 and at most %d".formatted(rules.lenient() ? "from" : "above", max));
  }

  private int wholeNumber(String digits, int max, String wanted) throws InvalidChainException {
    int number = isInteger(digits, MAX_DIGITS) ? Integer.parseInt(digits) : 0;
    if (number < 1 || number > max) {
      throw isNot(wanted);
    }
    return number;
  }

  /**
   * Whether a text is a whole number. No regular expression: every request for a variant calls it.
   */
  private static boolean isInteger(String text, int maxDigits) {
    int sign = text.startsWith("+") ? 1 : 0;
    int digits = text.length() - sign;
    return digits >= 1
        && digits <= maxDigits
        && text.chars().skip(sign).allMatch(c -> c >= '0' && c <= '9');
  }

  /** The exception for a value that is not what it has to be. */
  InvalidChainException isNot(String wanted) {
    String shown = text.length() > MAX_SHOWN ? Excerpt.of(text, MAX_SHOWN) + "…" : text;
    return new InvalidChainException("%s=%s is not %s".formatted(name, shown, wanted));
  }
}
