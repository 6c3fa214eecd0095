package dev.pictj.config;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pictj.config.Setting.Written;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The values of all settings, checked, and where each was written. */
public final class Settings implements Setting.Earlier {
  /** A value and the text that it was read from. */
  record Entry(Object value, Written written) {}

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<Setting<?>, Entry> entries;
  private final List<String> warnings;
  private final List<String> signs;
  private final List<String> notes;

  /**
   * The loader fills all of them before others see them.
   *
   * @param signs what was given only as pict-rs 0.5 has it
   */
  Settings(
      Map<Setting<?>, Entry> entries,
      List<String> warnings,
      List<String> signs,
      List<String> notes) {
    this.entries = entries;
    this.warnings = warnings;
    this.signs = signs;
    this.notes = notes;
  }

  /** The value of a setting; sizes are in bytes. */
  @Override
  @SuppressWarnings("unchecked") // The loader puts in what the setting's own parser made.
  public <T> T get(Setting<T> setting) {
    return (T) entry(setting).value();
  }

  private Entry entry(Setting<?> setting) {
    return Objects.requireNonNull(entries.get(setting), setting::name);
  }

  /** Where a setting was written, for messages: an option, a variable, or a file and its key. */
  public String where(Setting<?> setting) {
    return entry(setting).written().where();
  }

  @Override
  public boolean isOfPictrs05() {
    return !signs.isEmpty();
  }

  @Override
  public boolean isAsPictrsHasIt(Setting<?> setting) {
    return Optional.ofNullable(entries.get(setting))
        .map(Entry::written)
        .filter(written -> written.ofPictrs() || (written.source().isEmpty() && isOfPictrs05()))
        .isPresent();
  }

  /** Notes for an administrator about the settings, a sentence each. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Warnings for an administrator about how settings were written, a sentence each. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * All of them as a file for {@code --config} would have them, each with where it was written.
   * Secrets, and what is not set, are comments.
   */
  public String toToml() {
    Map<String, String> tables =
        entries.keySet().stream()
            .filter(setting -> !setting.section.table().isEmpty())
            .collect(
                groupingBy(
                    setting -> setting.section.table(),
                    LinkedHashMap::new,
                    mapping(this::line, joining())));
    return tables.entrySet().stream()
        .map(table -> "[%s]%n%s".formatted(table.getKey(), table.getValue()))
        .collect(joining("\n"));
  }

  private String line(Setting<?> setting) {
    Written written = entry(setting).written();
    boolean given = !written.source().isEmpty();
    if (!given && written.texts().isEmpty()) {
      return "# %s is not set%n".formatted(setting.name());
    }
    String source = given ? written.source() : "default";
    return setting.isSecret()
        ? "# %s is secret, from %s%n".formatted(setting.name(), source)
        : "%s = %s  # %s%n".formatted(setting.name(), toml(setting, entry(setting)), source);
  }

  /** JSON's texts, numbers and arrays are those of TOML, too. */
  private static String toml(Setting<?> setting, Entry entry) {
    Written written = entry.written();
    return switch (setting.kind) {
      case FLAG -> entry.value().toString();
      case NUMBER -> Long.toString(Long.parseLong(written.text()));
      case AGE ->
          written.text().matches("[0-9]+")
              ? Long.toString(Long.parseLong(written.text()))
              : JSON.textNode(written.text()).toString();
      // A log level may be written in more words than a file may have.
      case TEXT -> JSON.textNode(entry.value() instanceof String s ? s : written.text()).toString();
      case LIST -> {
        ArrayNode list = JSON.arrayNode();
        written.texts().forEach(list::add);
        yield list.toString();
      }
    };
  }
}
