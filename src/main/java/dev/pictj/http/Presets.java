package dev.pictj.http;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Preset;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Excerpt;
import dev.pictj.process.Chain;
import dev.pictj.process.ChainParser;
import dev.pictj.process.InvalidChainException;
import dev.pictj.process.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one reader of what a request wants done to a picture: operations, or the name of some that an
 * administrator has set. Both make the same variants.
 *
 * @param chains by name
 */
public record Presets(ChainParser parser, Map<String, Chain> chains) {
  private static final String PARAMETER = "preset";

  /**
   * Reads the presets that an administrator has set. Their operations need not be on the whitelist.
   *
   * @throws InvalidSettingsException with a line for each that names no operations
   */
  public static Presets of(Settings settings, ChainParser parser) throws InvalidSettingsException {
    Map<String, Chain> chains = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    String where = settings.where(SettingsCatalogue.PRESETS);
    for (Preset preset : settings.get(SettingsCatalogue.PRESETS)) {
      try {
        Chain chain = parser.parseStrictly(QueryString.parse(preset.operations()).parameters());
        if (chains.put(preset.name(), chain) != null) {
          problems.add("%s: there are two of the name %s".formatted(where, preset.name()));
        }
      } catch (InvalidChainException e) {
        problems.add("%s: %s: %s".formatted(where, preset.name(), e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return new Presets(parser, chains);
  }

  /** Whether a request names a preset, known or not. */
  static boolean isNamedIn(QueryString query) {
    return query.given(PARAMETER).isPresent();
  }

  /** The operations that a query asks for, as it was written. */
  public Chain chain(String query) throws InvalidChainException {
    return chain(QueryString.parse(query));
  }

  /**
   * The operations that a request asks for.
   *
   * @throws ApiException when it names an unknown preset, or something beside one
   */
  Chain chain(QueryString query) throws InvalidChainException {
    if (!isNamedIn(query)) {
      return parser.parse(query.parameters());
    }
    List<String> names =
        query.parameters().stream()
            .filter(parameter -> parameter.getKey().equals(PARAMETER))
            .map(Map.Entry::getValue)
            .toList();
    if (names.size() > 1) {
      throw refused("A request has one preset at most");
    }
    Optional<String> operation =
        query.parameters().stream().map(Map.Entry::getKey).filter(Presets::isOperation).findFirst();
    if (operation.isPresent()) {
      throw refused(
          "A preset has its own operations; `%s` cannot be given beside one"
              .formatted(operation.get()));
    }
    Chain chain = chains.get(names.getFirst());
    if (chain == null) {
      throw refused(
          "There is no preset `%s`; %s"
              .formatted(
                  Excerpt.ofLine(names.getFirst()),
                  chains.isEmpty()
                      ? "there are none here"
                      : "there is " + String.join(", ", chains.keySet())));
    }
    return chain;
  }

  private static boolean isOperation(String name) {
    return Operation.KINDS.stream().anyMatch(kind -> kind.name().equalsIgnoreCase(name));
  }

  private static ApiException refused(String message) {
    return new ApiException(ErrorCode.INVALID_PROCESS_PATH, message);
  }
}
