package dev.pictj.config;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A TOML file of settings: a table for each section, in it a key for each setting, called like the
 * option.
 */
final class SettingsFile {
  private final Path file;
  private final Map<String, Optional<String>> oldNames;
  private final List<String> problems;
  private final List<String> warnings;
  private final Map<String, JsonNode> values = new HashMap<>();

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
      List<String> problems,
      List<String> warnings) {
    this.file = file;
    this.oldNames = oldNames;
    this.problems = problems;
    this.warnings = warnings;
    try {
      new TomlMapper().readTree(Files.readString(file)).properties().forEach(this::table);
    } catch (JsonProcessingException e) {
      // Its message may quote the file, in which there are secrets.
      JsonLocation place = e.getLocation();
      problems.add(
          "%s is no TOML: line %d, column %d"
              .formatted(file, place.getLineNr(), place.getColumnNr()));
    } catch (CharacterCodingException _) {
      problems.add("%s is not UTF-8".formatted(file));
    } catch (NoSuchFileException _) {
      problems.add("%s cannot be read: there is no such file".formatted(file));
    } catch (IOException e) {
      problems.add("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
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
    problems.add(
        "%s: %s is no setting; the nearest is %s"
            .formatted(
                file,
                Nearest.shortened(key),
                // Above all by the name: a right one may stand in a wrong table.
                Nearest.of(name, keys(), other -> other.substring(other.indexOf('.') + 1))));
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
          case TEXT -> value.isTextual();
          case LIST -> value.isArray() && value.valueStream().allMatch(JsonNode::isTextual);
        };
    String where = file + ": " + key;
    if (!fits) {
      problems.add(setting.problem(where, value.toString(), setting.kind.inWords));
      return Optional.empty();
    }
    List<String> texts =
        setting.isList()
            ? value.valueStream().map(JsonNode::asText).toList()
            : List.of(value.asText());
    return Optional.of(new Setting.Written(texts, file.toString(), where, earlier));
  }
}
