package dev.pictj.config;

import dev.pictj.config.Setting.ExpectedException;
import dev.pictj.config.Setting.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads settings: the command line beats the environment, the environment beats the file, the file
 * beats defaults.
 */
public final class SettingsLoader {
  private final Map<String, List<String>> options;
  private final Map<String, String> environment;
  private final Map<String, Optional<String>> oldNames;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<Setting<?>, Settings.Entry> entries = new LinkedHashMap<>();
  private final Settings settings = new Settings(entries, warnings);
  private Optional<SettingsFile> file = Optional.empty();

  /**
   * A loader.
   *
   * @param options values by long option name, as given; a switch has one empty value
   * @param environment variables by name
   */
  public SettingsLoader(Map<String, List<String>> options, Map<String, String> environment) {
    this(options, environment, SettingsCatalogue.OLD_NAMES);
  }

  /** A loader that knows other names of older versions. */
  SettingsLoader(
      Map<String, List<String>> options,
      Map<String, String> environment,
      Map<String, Optional<String>> oldNames) {
    this.options = options;
    this.environment = environment;
    this.oldNames = oldNames;
  }

  /**
   * Checks everything.
   *
   * @throws InvalidSettingsException with one line for each setting that is wrong
   */
  public Settings load() throws InvalidSettingsException {
    oldNames.forEach(this::warnOf);
    read(SettingsCatalogue.CONFIG);
    file =
        settings
            .get(SettingsCatalogue.CONFIG)
            .map(path -> new SettingsFile(path, oldNames, problems, warnings));
    SettingsCatalogue.all().stream()
        .filter(setting -> setting != SettingsCatalogue.CONFIG)
        .forEach(this::read);
    warnings.addAll(UnknownVariables.warnings(environment));
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return settings;
  }

  private void warnOf(String old, Optional<String> present) {
    given(old, Setting.variables(old))
        .forEach(written -> warnings.add(SettingsFile.warning(written.where(), present)));
  }

  private void read(Setting<?> setting) {
    Written fallback =
        new Written(
            Stream.of(setting.fallback(settings)).filter(text -> !text.isEmpty()).toList(),
            "",
            "--" + setting.name(),
            settings);
    Written written =
        Stream.concat(
                given(setting.name(), setting.environment().stream()),
                oldNames.entrySet().stream()
                    .filter(old -> old.getValue().equals(Optional.of(setting.name())))
                    .flatMap(old -> given(old.getKey(), Setting.variables(old.getKey()))))
            .findFirst()
            .or(() -> file.flatMap(read -> read.written(setting, settings)))
            .orElse(fallback);
    if (!reads(setting, written) && !fallback.texts().isEmpty()) {
      // So that settings below find something; nobody else gets to see it.
      reads(setting, fallback);
    }
  }

  private boolean reads(Setting<?> setting, Written given) {
    Written written = given.withTexts(texts(setting, given));
    try {
      entries.put(setting, new Settings.Entry(setting.parser.parse(written), written));
      return true;
    } catch (ExpectedException e) {
      problems.add(
          written.texts().isEmpty()
              ? "--%s is required (or %s): %s"
                  .formatted(
                      setting.name(), setting.environment().getFirst(), setting.description())
              : setting.problem(
                  written.where(),
                  String.join(" ", written.texts()),
                  String.valueOf(e.getMessage())));
      return false;
    }
  }

  private static List<String> texts(Setting<?> setting, Written given) {
    if (setting.isSwitch() && given.source().startsWith("--")) {
      return List.of("true");
    }
    return setting.isList()
        ? given.texts().stream()
            .flatMap(text -> Stream.of(text.split("[,\\s]+", -1)))
            .filter(text -> !text.isEmpty())
            .toList()
        : given.texts();
  }

  /** What the command line and these variables say under a name; an empty variable is not set. */
  private Stream<Written> given(String name, Stream<String> variables) {
    return Stream.concat(
        Stream.ofNullable(options.get(name))
            .map(texts -> new Written(texts, "--" + name, "--" + name, settings)),
        variables
            .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
            .map(
                variable ->
                    new Written(List.of(environment.get(variable)), variable, variable, settings)));
  }
}
