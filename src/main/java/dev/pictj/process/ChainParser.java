package dev.pictj.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the operations of a process request from its query parameters, in request order.
 *
 * <p>Unknown parameters are passed over, because clients send stray ones. A known operation with a
 * value out of bounds is an error.
 */
public final class ChainParser {
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
      String name = parameter.getKey();
      Optional<Operation.Kind> kind =
          Operation.KINDS.stream()
              .filter(one -> one.name().equals(name) && rules.permits(name))
              .findFirst();
      if (kind.isPresent()) {
        if (operations.size() == rules.maxOperations()) {
          throw new InvalidChainException(
              "More than %d operations in one request".formatted(rules.maxOperations()));
        }
        ParameterValue value = new ParameterValue(name, parameter.getValue());
        operations.add(kind.get().parser().parse(value, rules));
      }
    }
    return new Chain(operations);
  }
}
