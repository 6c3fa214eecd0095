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

/**
 * A TOML file of settings: a table for each section, in it a key for each setting, called like the
 * option. Or one of pict-rs 0.5, with its sections and keys: their tables are named otherwise, but
 * for {@code server}, whose keys are.
 */
final class SettingsFile {
  private final Path file;
  private final Map<String, Optional<String>> oldNames;
  private final Consumer<String> problems;
  private final List<String> warnings;
  private final Map<String, JsonNode> values = new HashMap<>();
  private final Map<String, JsonNode> keysOfPictrs = new LinkedHashMap<>();

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
      if (isOfPictrs(whole)) {
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

  /** Whether it has tables of theirs, and none that only ours have. */
  private static boolean isOfPictrs(JsonNode whole) {
    Set<String> ours =
        SettingsCatalogue.sections().keySet().stream().map(Section::table).collect(toSet());
    Set<String> theirs = PictrsKeys.sections();
    Set<String> tables = whole.propertyStream().map(Map.Entry::getKey).collect(toSet());
    if (tables.stream().anyMatch(table -> ours.contains(table) && !theirs.contains(table))) {
      return false;
    }
    return tables.stream().anyMatch(table -> theirs.contains(table) && !ours.contains(table))
        || (whole.path("server").isObject()
            && whole
                .path("server")
                .propertyStream()
                .anyMatch(one -> PictrsKeys.isKey("server." + one.getKey())));
  }

  private void ofPictrs(String key, JsonNode value) {
    if (PictrsKeys.isKey(key)) {
      keysOfPictrs.put(key, value);
    } else if (value.isObject()) {
      value.properties().forEach(one -> ofPictrs(key + "." + one.getKey(), one.getValue()));
    } else {
      warnings.add(
          "%s: %s is no setting and does nothing%s"
              .formatted(file, Nearest.shortened(key), PictrsKeys.nearest(key)));
    }
  }

  /** Whether it is one of pict-rs 0.5. */
  boolean isOfPictrs() {
    return !keysOfPictrs.isEmpty();
  }

  /** By what one sees that. */
  String signs() {
    return "%s in %s".formatted(keysOfPictrs.keySet().iterator().next(), file);
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
