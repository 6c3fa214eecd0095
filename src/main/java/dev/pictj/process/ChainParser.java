package dev.pictj.process;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.media.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the operations of a process request from its query parameters, in request order.
 *
 * <p>Unknown parameters are passed over, because clients send stray ones. A known operation with a
 * value out of bounds is an error.
 */
public record ChainParser(ChainRules rules) {
  private static final int MAX_CROP = 20;

  /**
   * A parser that enforces what an administrator has set.
   *
   * @param rounding and {@code lenient} as {@link ChainRules} has them
   * @throws InvalidSettingsException when the whitelist names what is no operation
   */
  public static ChainParser of(Settings settings, Rounding rounding, boolean lenient)
      throws InvalidSettingsException {
    List<String> names = Operation.KINDS.stream().map(Operation.Kind::name).toList();
    Optional<List<String>> whitelist = settings.get(SettingsCatalogue.WHITELIST);
    List<String> problems =
        whitelist.orElse(List.of()).stream()
            .filter(name -> !names.contains(name))
            .map(
                name ->
                    "%s names %s, but there is only %s"
                        .formatted(
                            settings.where(SettingsCatalogue.WHITELIST),
                            name,
                            String.join(", ", names)))
            .toList();
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return of(settings, rounding, lenient, whitelist.map(Set::copyOf));
  }

  /** One that permits everything, whatever the whitelist names. */
  public static ChainParser ofAll(Settings settings, Rounding rounding, boolean lenient) {
    return of(settings, rounding, lenient, Optional.empty());
  }

  private static ChainParser of(
      Settings settings, Rounding rounding, boolean lenient, Optional<Set<String>> whitelist) {
    return new ChainParser(
        new ChainRules(
            Math.max(
                settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH),
                settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT)),
            settings.get(SettingsCatalogue.MAX_OPERATIONS),
            MAX_CROP,
            settings.get(SettingsCatalogue.MAX_BLUR),
            rounding,
            lenient,
            whitelist));
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
      Optional<Operation.Kind> kind = kind(name);
      if (kind.isPresent() && !kind.get().name().equals(name)) {
        throw new InvalidChainException("%s is written %s".formatted(name, kind.get().name()));
      }
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

  /** The operation that a parameter asks for, where it may be asked for. */
  private Optional<Operation.Kind> kind(String name) {
    for (Operation.Kind kind : Operation.KINDS) {
      if (rules.lenient() ? kind.name().equalsIgnoreCase(name) : kind.name().equals(name)) {
        return rules.permits(kind.name()) ? Optional.of(kind) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * Parses what may be operations alone, all of which are permitted.
   *
   * @throws InvalidChainException also for what is no operation
   */
  public Chain parseStrictly(List<Map.Entry<String, String>> parameters)
      throws InvalidChainException {
    for (Map.Entry<String, String> parameter : parameters) {
      if (Operation.KINDS.stream().noneMatch(one -> one.name().equals(parameter.getKey()))) {
        throw new InvalidChainException(
            "`%s` is no operation; there is %s"
                .formatted(
                    Excerpt.ofLine(parameter.getKey()),
                    Operation.KINDS.stream()
                        .map(Operation.Kind::name)
                        .collect(Collectors.joining(", "))));
      }
    }
    ChainRules all =
        new ChainRules(
            rules.maxSide(),
            rules.maxOperations(),
            rules.maxCrop(),
            rules.maxSigma(),
            rules.rounding(),
            rules.lenient(),
            Optional.empty());
    return new ChainParser(all).parse(parameters);
  }
}
