package dev.pictj.config;

import dev.pictj.config.Setting.ExpectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A key of the configuration of pict-rs 0.5 and 0.6, and what it does here.
 *
 * @param name its path in a file, such as {@code media.max_file_size}
 * @param option empty where it has none
 */
public record PictrsKey(String name, Optional<Option> option, Effect effect) {
  /**
   * How a key is given on the command line.
   *
   * @param command the word that it stands behind; empty before the first one
   * @param names with their dashes, the long one last
   * @param switchText what the option says, where it takes no value; else empty
   */
  public record Option(String command, List<String> names, String switchText) {
    /** Reads a declaration, such as {@code sled -p --path} or {@code run --read-only=true}. */
    static Optional<Option> of(String typed) {
      if (typed.isEmpty()) {
        return Optional.empty();
      }
      List<String> words = new ArrayList<>(List.of(typed.split("=", 2)[0].split(" ", -1)));
      String command = words.getFirst().startsWith("-") ? "" : words.removeFirst();
      return Optional.of(
          new Option(
              command, List.copyOf(words), typed.contains("=") ? typed.split("=", 2)[1] : ""));
    }

    /** The option as messages name it, such as {@code sled --path}. */
    public String inWords() {
      String prefix = command.isEmpty() || command.equals(PictrsKeys.RUN) ? "" : command + " ";
      return prefix + names.getLast();
    }
  }

  /** What a key does here. */
  public sealed interface Effect {
    /** These settings of ours, for which it is written as the conversion says. */
    record Sets(List<Setting<?>> settings, Conversion conversion) implements Effect {}

    /** Nothing where the value is one of these words; another value ends the start. */
    record Only(List<String> words, String why) implements Effect {}

    /** Nothing, because there is nothing here that it could be for. */
    record Nothing(String why) implements Effect {}

    /**
     * Nothing, but where the path that it names holds a database of theirs, whose pictures would be
     * missing, there is no server.
     */
    record NoDatabase(String why, String refusal) implements Effect {}
  }

  /** Says for our setting what the text says for the key. */
  @FunctionalInterface
  interface Conversion {
    /**
     * The text for the setting.
     *
     * @throws ExpectedException that says what the key must be
     */
    String convert(String text) throws ExpectedException;
  }

  /** The environment variable of the key. */
  public String variable() {
    return PictrsKeys.PREFIX + name.toUpperCase(Locale.ROOT).replace(".", "__");
  }

  /** A text for docs/configuration.md about what the key does here. */
  public String meaning() {
    return switch (effect) {
      case Effect.Sets(List<Setting<?>> settings, Conversion _) ->
          settings.stream()
              .map(setting -> "`--%s`".formatted(setting.name()))
              .collect(Collectors.joining(", "));
      case Effect.Only(List<String> words, String why) ->
          "must be %s: %s".formatted(String.join(" or ", words), why);
      case Effect.Nothing(String why) -> "nothing: " + why;
      case Effect.NoDatabase(String why, String refusal) ->
          "nothing: %s; where it %s, that ends the start".formatted(why, refusal);
    };
  }

  /** Whether it sets this one of our settings. */
  boolean sets(Setting<?> setting) {
    return effect instanceof Effect.Sets sets && sets.settings().contains(setting);
  }
}
