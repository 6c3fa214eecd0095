package dev.pictj.config;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A TOML file of settings: a table for each section, in it a key for each setting, called like the
 * option. Or one of pict-rs 0.5, with its sections and keys: their tables are named otherwise, but
 * for {@code server}, whose keys are. The tables that are there decide by whose rules it is read,
 * right or wrong as the keys in them may be.
 */
final class SettingsFile {
  private final Path file;
  private final Map<String, Optional<String>> oldNames;
  private final Consumer<String> problems;
  private final List<String> warnings;
  private final Map<String, JsonNode> values = new HashMap<>();
  private final Map<String, JsonNode> keysOfPictrs = new LinkedHashMap<>();
  private Optional<String> signOfPictrs = Optional.empty();

  /**
   * Reads a file.
   *
   * @param oldNames as {@link SettingsCatalogue#OLD_NAMES}
   * @param problems where what is wrong with it is told
   * @param warnings where its old names are told
   */
  SettingsFile(
      Path file,
      Map<String, Optional<String>> oldNames,
      Consumer<String> problems,
      List<String> warnings) {
    this.file = file;
    this.oldNames = oldNames;
    this.problems = problems;
    this.warnings = warnings;
    try {
      JsonNode whole = new TomlMapper().readTree(Files.readString(file));
      signOfPictrs = signOfPictrs(whole);
      if (isOfPictrs()) {
        whole.properties().forEach(one -> ofPictrs(one.getKey(), one.getValue()));
      } else {
        whole.properties().forEach(this::table);
      }
    } catch (JsonProcessingException e) {
      // Its message may quote the file, in which there are secrets.
      JsonLocation place = e.getLocation();
      problems.accept(
          "%s is no TOML: line %d, column %d"
              .formatted(file, place.getLineNr(), place.getColumnNr()));
    } catch (CharacterCodingException _) {
      problems.accept("%s is not UTF-8".formatted(file));
    } catch (NoSuchFileException _) {
      problems.accept("%s cannot be read: there is no such file".formatted(file));
    } catch (IOException e) {
      problems.accept("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  /** What is of theirs in a file where no table is of ours alone; a table, or a server's key. */
  private static Optional<String> signOfPictrs(JsonNode whole) {
    Set<String> ours =
        SettingsCatalogue.sections().keySet().stream().map(Section::table).collect(toSet());
    Set<String> theirs = PictrsKeys.sections();
    if (whole
        .propertyStream()
        .map(Map.Entry::getKey)
        .anyMatch(table -> ours.contains(table) && !theirs.contains(table))) {
      return Optional.empty();
    }
    return whole
        .propertyStream()
        .filter(table -> theirs.contains(table.getKey()))
        .flatMap(
            table ->
                ours.contains(table.getKey())
                    ? table
                        .getValue()
                        .propertyStream()
                        .map(one -> table.getKey() + "." + one.getKey())
                        .filter(PictrsKeys::isKey)
                    : Stream.of(table.getKey()))
        .findFirst();
  }

  private void ofPictrs(String key, JsonNode value) {
    if (PictrsKeys.isKey(key)) {
      keysOfPictrs.put(key, value);
    } else if (value.isObject()) {
      value.properties().forEach(one -> ofPictrs(key + "." + one.getKey(), one.getValue()));
    } else {
      ours(key)
          .ifPresentOrElse(
              setting -> problems.accept(oursAmongTheirs(key, setting)),
              () ->
                  warnings.add(
                      "%s: %s is no setting and does nothing%s"
                          .formatted(file, Nearest.shortened(key), PictrsKeys.nearest(key))));
    }
  }

  /**
   * The setting that a key which they do not have is the name of. One word that stands in a table
   * of theirs may as well be left over from an older version of theirs.
   */
  private static Optional<Setting<?>> ours(String key) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    String table = PictrsKeys.section(key);
    boolean theirs = PictrsKeys.sections().contains(table) && !table.equals("server");
    return SettingsCatalogue.all().stream()
        .filter(setting -> setting.name().equals(name) && (name.contains("-") || !theirs))
        .<Setting<?>>map(setting -> setting)
        .findFirst();
  }

  /** An error, and not a warning: the server would listen, or let read, other than it was meant. */
  private String oursAmongTheirs(String key, Setting<?> setting) {
    return "%s: %s is no key of pict-rs, whose %s is there; write %s"
        .formatted(
            file,
            Nearest.shortened(key),
            signOfPictrs.orElseThrow(),
            PictrsKeys.all().stream()
                .filter(other -> other.sets(setting))
                .findFirst()
                .map(PictrsKey::name)
                .orElseGet(
                    () ->
                        "--%s or %s, or all keys as pictj has them"
                            .formatted(setting.name(), setting.environment().getFirst())));
  }

  /** Whether it is one of pict-rs 0.5. */
  boolean isOfPictrs() {
    return signOfPictrs.isPresent();
  }

  /** By what one sees that: a key that does something, if there is one. */
  String signs() {
    return "%s in %s"
        .formatted(
            keysOfPictrs.keySet().stream()
                .findFirst()
                .or(() -> signOfPictrs.map("[%s]"::formatted))
                .orElseThrow(),
            file);
  }

  /** The value of a key of pict-rs in this file, if there is one; texts and others alike. */
  Optional<Setting.Written> written(PictrsKey key, Settings earlier) {
    JsonNode value = keysOfPictrs.get(key.name());
    if (value == null) {
      return Optional.empty();
    }
    List<String> texts =
        value.isArray()
            ? value.valueStream().map(JsonNode::asText).toList()
            : List.of(value.asText());
    return Optional.of(
        new Setting.Written(texts, file.toString(), file + ": " + key.name(), earlier, true));
  }

  private void table(Map.Entry<String, JsonNode> table) {
    if (!table.getValue().isObject()) {
      unknown(table.getKey());
      return;
    }
    for (Map.Entry<String, JsonNode> entry : table.getValue().properties()) {
      String key = table.getKey() + "." + entry.getKey();
      if (keys().contains(key)) {
        values.put(key, entry.getValue());
      } else if (oldNames.containsKey(entry.getKey())) {
        old(key, oldNames.get(entry.getKey()), entry.getValue());
      } else {
        unknown(key);
      }
    }
  }

  private void old(String key, Optional<String> present, JsonNode value) {
    warnings.add(warning(file + ": " + key, present));
    SettingsCatalogue.all().stream()
        .filter(setting -> present.equals(Optional.of(setting.name())))
        .forEach(setting -> values.putIfAbsent(key(setting), value));
  }

  /** What is said of an old name, wherever it was given. */
  static String warning(String where, Optional<String> present) {
    return where
        + present.map(name -> " is called --" + name + " now").orElse(" has no effect any more");
  }

  private static List<String> keys() {
    return SettingsCatalogue.all().stream()
        .filter(setting -> !setting.section.table().isEmpty())
        .map(SettingsFile::key)
        .toList();
  }

  private static String key(Setting<?> setting) {
    return setting.section.table() + "." + setting.name();
  }

  private void unknown(String key) {
    String name = key.substring(key.indexOf('.') + 1);
    problems.accept(
        "%s: %s is no setting%s"
            .formatted(
                file,
                Nearest.shortened(key),
                // Above all by the name: a right one may stand in a wrong table.
                Nearest.inWords(name, keys(), other -> other.substring(other.indexOf('.') + 1))));
  }

  /** The value of a setting in this file, if there is one. */
  Optional<Setting.Written> written(Setting<?> setting, Settings earlier) {
    String key = key(setting);
    JsonNode value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    boolean fits =
        switch (setting.kind) {
          case FLAG -> value.isBoolean();
          case NUMBER -> value.isIntegralNumber();
          case AGE -> value.isIntegralNumber() || value.isTextual();
          case TEXT -> value.isTextual();
          case LIST -> value.isArray() && value.valueStream().allMatch(JsonNode::isTextual);
        };
    String where = file + ": " + key;
    if (!fits) {
      problems.accept(setting.problem(where, value.toString(), setting.kind.inWords));
      return Optional.empty();
    }
    List<String> texts =
        setting.isList()
            ? value.valueStream().map(JsonNode::asText).toList()
            : List.of(value.asText());
    return Optional.of(new Setting.Written(texts, file.toString(), where, earlier));
  }
}
