package dev.pictj.process;

import dev.pictj.media.Excerpt;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the operations of a process request from its query parameters, in request order.
 *
 * <p>Unknown parameters are passed over, because clients send stray ones. A known operation with a
 * value out of bounds is an error.
 */
public final class ChainParser {
  private static final int MOST_DIGITS = 9;
  private static final Pattern DECIMAL =
      Pattern.compile("\\+?([0-9]{1,9}(\\.[0-9]{0,20})?|\\.[0-9]{1,20})([eE][+-]?[0-9]{1,2})?");
  private static final BigDecimal SMALLEST_SIGMA = new BigDecimal("0.01");

  private final ChainRules rules;

  /** A parser that enforces these rules. */
  public ChainParser(ChainRules rules) {
    this.rules = rules;
  }

  /** What it enforces. */
  public ChainRules rules() {
    return rules;
  }

  /**
   * Parses decoded parameters.
   *
   * @param parameters names and values in request order
   */
  public Chain parse(List<Map.Entry<String, String>> parameters) throws InvalidChainException {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, String> parameter : parameters) {
      Optional<OperationName> name = OperationName.of(parameter.getKey());
      if (name.isEmpty() || !rules.permits(name.get())) {
        continue;
      }
      if (operations.size() == rules.maxOperations()) {
        throw new InvalidChainException(
            "More than %d operations in one request".formatted(rules.maxOperations()));
      }
      String value = parameter.getValue();
      operations.add(
          switch (name.get()) {
            case IDENTITY -> new Operation.Identity();
            case THUMBNAIL -> new Operation.Thumbnail(side("thumbnail", value));
            case RESIZE -> new Operation.Resize(side("resize", value));
            case CROP -> crop(value);
            case BLUR -> new Operation.Blur(sigma(value));
          });
    }
    return new Chain(operations);
  }

  private int side(String name, String value) throws InvalidChainException {
    return integer(name, value, value, rules.maxSide());
  }

  private Operation.Crop crop(String value) throws InvalidChainException {
    String[] sides = value.split("x", -1);
    if (sides.length != 2) {
      throw invalid("crop", value, "a ratio such as 16x9");
    }
    return new Operation.Crop(
        integer("crop", value, sides[0], rules.maxCrop()),
        integer("crop", value, sides[1], rules.maxCrop()));
  }

  private static int integer(String name, String whole, String digits, int max)
      throws InvalidChainException {
    String wanted =
        name.equals("crop")
            ? "a ratio such as 16x9 of whole numbers from 1 to " + max
            : "a whole number from 1 to " + max;
    if (!isInteger(digits)) {
      throw invalid(name, whole, wanted);
    }
    int number = Integer.parseInt(digits);
    if (number < 1 || number > max) {
      throw invalid(name, whole, wanted);
    }
    return number;
  }

  /** Every request of a variant comes by here, so no regular expression. */
  private static boolean isInteger(String text) {
    int sign = text.startsWith("+") ? 1 : 0;
    int digits = text.length() - sign;
    return digits >= 1
        && digits <= MOST_DIGITS
        && text.chars().skip(sign).allMatch(c -> c >= '0' && c <= '9');
  }

  private BigDecimal sigma(String value) throws InvalidChainException {
    String wanted = "a number above 0 and at most " + rules.maxSigma();
    if (!DECIMAL.matcher(value).matches()) {
      throw invalid("blur", value, wanted);
    }
    BigDecimal sigma = new BigDecimal(value);
    if (sigma.signum() <= 0 || sigma.compareTo(BigDecimal.valueOf(rules.maxSigma())) > 0) {
      throw invalid("blur", value, wanted);
    }
    return sigma.setScale(2, RoundingMode.HALF_UP).max(SMALLEST_SIGMA).stripTrailingZeros();
  }

  private static InvalidChainException invalid(String name, String value, String wanted) {
    String shown = value.length() > 40 ? Excerpt.of(value, 40) + "…" : value;
    return new InvalidChainException("%s=%s is not %s".formatted(name, shown, wanted));
  }
}
