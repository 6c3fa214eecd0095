package dev.pictj.config;

import dev.pictj.config.PictrsKey.Effect;
import dev.pictj.config.Setting.ExpectedException;
import dev.pictj.config.Setting.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads settings: the command line beats the environment, the environment beats the file, the file
 * beats defaults. Each may be given by our names and by those of pict-rs 0.5; in the environment
 * the latter win, because an image of a container may set ours.
 */
public final class SettingsLoader {
  /**
   * What was written for a setting.
   *
   * @param key of pict-rs that it was written for, if it was
   */
  private record Found(Written written, Optional<PictrsKey> key) {}

  private final Map<String, List<String>> options;
  private final Map<String, String> environment;
  private final Map<String, Optional<String>> oldNames;
  private final Set<String> problems = new LinkedHashSet<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> signs = new ArrayList<>();
  private final List<String> idle = new ArrayList<>();
  private final Map<Setting<?>, Settings.Entry> entries = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Settings settings = new Settings(entries, warnings, signs, notes);
  private Optional<SettingsFile> file = Optional.empty();

  /**
   * Makes a loader.
   *
   * @param options values by long option name, as given, or by key of pict-rs; a switch has one
   *     empty value. {@link PictrsKeys#RUN} is among them where that command was given
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
   * Looks for what is wrong with settings whose values are right one by one.
   *
   * <p>A value that is wrong has been told already; the default stands in for it.
   */
  @FunctionalInterface
  public interface Check {
    /** A line for each fault. */
    List<String> problems(Settings settings);
  }

  /**
   * Reads all settings and checks each value.
   *
   * @throws InvalidSettingsException with one line for each setting that is wrong
   */
  public Settings load() throws InvalidSettingsException {
    return load(_ -> List.of());
  }

  /**
   * Reads all settings, checks each value, and then what they are together.
   *
   * @throws InvalidSettingsException with one line for each fault of either kind
   */
  public Settings load(Check together) throws InvalidSettingsException {
    oldNames.forEach(this::warnOf);
    read(SettingsCatalogue.CONFIG);
    file =
        settings
            .get(SettingsCatalogue.CONFIG)
            .map(path -> new SettingsFile(path, oldNames, problems::add, warnings));
    lookForPictrs();
    SettingsCatalogue.all().stream()
        .filter(setting -> setting != SettingsCatalogue.CONFIG)
        .forEach(this::read);
    PictrsKeys.all().forEach(this::readKey);
    tellOfPictrs();
    warnings.addAll(UnknownVariables.warnings(environment));
    problems.addAll(together.problems(settings));
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(List.copyOf(problems), warnings);
    }
    return settings;
  }

  private void lookForPictrs() {
    if (options.containsKey(PictrsKeys.RUN)) {
      signs.add("the command " + PictrsKeys.RUN);
    }
    environment.keySet().stream()
        .filter(PictrsKeys::isOfASection)
        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
        .sorted()
        .forEach(signs::add);
    file.filter(SettingsFile::isOfPictrs).ifPresent(read -> signs.add(read.signs()));
  }

  private void tellOfPictrs() {
    Settings.Entry dialect = entries.get(SettingsCatalogue.DIALECT);
    if (!signs.isEmpty() && dialect != null && dialect.written().source().isEmpty()) {
      notes.add(
          "answers as pict-rs %s does, for there is %s; --dialect chooses another"
              .formatted(dialect.value(), signs.getFirst()));
    }
    if (!idle.isEmpty()) {
      notes.add("settings of pict-rs that mean nothing here: " + String.join("; ", idle));
    }
  }

  private void warnOf(String old, Optional<String> present) {
    Stream.concat(option(old), oldVariables(old))
        .forEach(written -> warnings.add(SettingsFile.warning(written.where(), present)));
  }

  /** What a key does but for the settings it sets. */
  private void readKey(PictrsKey key) {
    Optional<Written> given =
        Stream.of(option(key), variable(key, false), inFile(key)).flatMap(way -> way).findFirst();
    if (given.isEmpty()) {
      return;
    }
    String where = given.get().where();
    switch (key.effect()) {
      case Effect.Sets _ -> {
        // Where the setting is read.
      }
      case Effect.Only(List<String> words, String why) -> {
        String text = given.get().text();
        if (!words.contains(text)) {
          problems.add(
              "%s is %s, but must be %s: %s"
                  .formatted(where, text, String.join(" or ", words), why));
        }
      }
      case Effect.Nothing(String why) -> idle.add("%s (%s)".formatted(where, why));
      case Effect.NoDatabase(String why, String refusal) -> {
        if (isDatabase(given.get().text())) {
          problems.add("%s is %s, which %s".formatted(where, given.get().text(), refusal));
        } else {
          idle.add("%s (%s)".formatted(where, why));
        }
      }
    }
  }

  private static boolean isDatabase(String path) {
    try {
      return PictrsKeys.isDatabase(Path.of(path));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private void read(Setting<?> setting) {
    Written fallback =
        new Written(
            Stream.of(setting.fallback(settings)).filter(text -> !text.isEmpty()).toList(),
            "",
            "--" + setting.name(),
            settings);
    List<PictrsKey> keys = PictrsKeys.all().stream().filter(key -> key.sets(setting)).toList();
    List<String> old =
        oldNames.entrySet().stream()
            .filter(one -> one.getValue().equals(Optional.of(setting.name())))
            .map(Map.Entry::getKey)
            .toList();
    Found found =
        Stream.<Supplier<Stream<Found>>>of(
                () -> own(option(setting.name())),
                () -> byKey(keys, this::option),
                () -> own(old.stream().flatMap(this::option)),
                () -> byKey(keys, key -> variable(key, setting.isSecret())),
                () ->
                    own(
                        setting.environment().stream()
                            .flatMap(variable -> variable(variable, setting.isSecret()))),
                () -> own(old.stream().flatMap(this::oldVariables)),
                () -> own(file.flatMap(read -> read.written(setting, settings)).stream()),
                () -> byKey(keys, this::inFile))
            .flatMap(Supplier::get)
            .findFirst()
            .orElse(new Found(fallback, Optional.empty()));
    if (!reads(setting, found)) {
      standIn(setting, fallback);
    }
  }

  /** So that settings below, and checks, find something; nobody else gets to see it. */
  private void standIn(Setting<?> setting, Written fallback) {
    Written written = fallback.withTexts(texts(setting, fallback));
    try {
      entries.put(setting, new Settings.Entry(setting.parser.parse(written), written));
    } catch (ExpectedException _) {
      // What must be given has no default; that it is missing or wrong has been told.
    }
  }

  private static Stream<Found> own(Stream<Written> given) {
    return given.map(written -> new Found(written, Optional.empty()));
  }

  private static Stream<Found> byKey(
      List<PictrsKey> keys, Function<PictrsKey, Stream<Written>> given) {
    return keys.stream()
        .flatMap(key -> given.apply(key).map(written -> new Found(written, Optional.of(key))));
  }

  private boolean reads(Setting<?> setting, Found found) {
    Written given = found.written();
    Optional<List<String>> converted =
        found.key().map(key -> texts(key, given)).orElse(Optional.of(given.texts()));
    if (converted.isEmpty()) {
      return false;
    }
    Written written = given.withTexts(texts(setting, given.withTexts(converted.get())));
    try {
      entries.put(setting, new Settings.Entry(setting.parser.parse(written), written));
      return true;
    } catch (ExpectedException e) {
      problems.add(
          written.texts().isEmpty()
              ? "--%s is required (or %s): %s"
                  .formatted(
                      setting.name(),
                      setting.environment().getFirst(),
                      setting.description().replace("; required", ""))
              : setting.problem(
                  written.where(),
                  String.join(" ", given.ofPictrs() ? given.texts() : written.texts()),
                  String.valueOf(e.getMessage())));
      return false;
    }
  }

  private static List<String> texts(Setting<?> setting, Written given) {
    if (setting.isSwitch() && given.source().startsWith("--") && given.text().isEmpty()) {
      return List.of("true");
    }
    return setting.isList()
        ? given.texts().stream()
            .flatMap(text -> Stream.of(text.split("[,\\s]+", -1)))
            .filter(text -> !text.isEmpty())
            .toList()
        : given.texts();
  }

  /** What was written for a key as our settings say it; empty, and told, where it cannot be. */
  private Optional<List<String>> texts(PictrsKey key, Written given) {
    List<String> texts = new ArrayList<>();
    for (String text : given.texts()) {
      try {
        texts.add(key.effect() instanceof Effect.Sets s ? s.conversion().convert(text) : text);
      } catch (ExpectedException e) {
        problems.add("%s is %s, but must be %s".formatted(given.where(), text, e.getMessage()));
        return Optional.empty();
      }
    }
    return Optional.of(texts);
  }

  private Stream<Written> option(String name) {
    return Stream.ofNullable(options.get(name))
        .map(texts -> new Written(texts, "--" + name, "--" + name, settings));
  }

  private Stream<Written> option(PictrsKey key) {
    return Stream.ofNullable(options.get(key.name()))
        .map(
            texts -> {
              String typed = key.option().map(PictrsKey.Option::inWords).orElse(key.name());
              return new Written(texts, typed, typed, settings, true);
            });
  }

  private Stream<Written> oldVariables(String name) {
    return Setting.variables(name).flatMap(variable -> variable(variable, false));
  }

  private Stream<Written> variable(PictrsKey key, boolean secret) {
    return variable(key.variable(), secret).map(Written::byPictrs);
  }

  /**
   * What this variable says; an empty one is not set.
   *
   * @param secret whether what it would say may stand in a file that another one names
   */
  private Stream<Written> variable(String name, boolean secret) {
    List<String> given =
        Stream.concat(
                Stream.of(name),
                secret ? Setting.SECRET_FILES.stream().map(ending -> name + ending) : Stream.of())
            .filter(one -> !environment.getOrDefault(one, "").isEmpty())
            .toList();
    if (given.isEmpty()) {
      return Stream.empty();
    }
    if (given.size() > 1) {
      problems.add("%s and %s cannot both be given".formatted(given.getFirst(), given.get(1)));
    }
    String inFile = given.getLast();
    String file = environment.getOrDefault(inFile, "");
    if (inFile.equals(name)) {
      return Stream.of(new Written(List.of(file), name, name, settings));
    }
    try {
      String text = Files.readString(Path.of(file)).strip();
      if (text.isEmpty()) {
        problems.add("%s names %s, which is empty".formatted(inFile, file));
      }
      return Stream.of(new Written(List.of(text), inFile, inFile, settings));
    } catch (IOException | InvalidPathException _) {
      problems.add("%s names %s, which cannot be read".formatted(inFile, file));
      return Stream.empty();
    }
  }

  private Stream<Written> inFile(PictrsKey key) {
    return file.flatMap(read -> read.written(key, settings)).stream();
  }
}
