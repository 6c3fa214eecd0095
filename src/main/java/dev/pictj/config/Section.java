package dev.pictj.config;

import dev.pictj.config.Setting.ExpectedException;
import dev.pictj.config.Setting.Kind;
import dev.pictj.config.Setting.Parser;
import dev.pictj.config.Setting.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings that belong together: a table of the file and a heading of the help. Its methods declare
 * them, in the order of help.
 */
public final class Section {
  static final long KIB = 1 << 10;
  static final long MIB = 1 << 20;
  private static final long MEGAPIXEL = 1_000_000;
  private static final int DAY_SECONDS = 86_400;

  private final String table;
  private final String title;
  private final List<Setting<?>> settings = new ArrayList<>();

  Section(String table, String title) {
    this.table = table;
    this.title = title;
  }

  /** The name of its table in the file; empty when its settings do not belong into a file. */
  public String table() {
    return table;
  }

  /** The heading of the help. */
  public String title() {
    return title;
  }

  /** What is declared in it. */
  public List<Setting<?>> settings() {
    return Collections.unmodifiableList(settings);
  }

  <T> Setting<T> declare(
      String name, String placeholder, Kind kind, Parser<T> parser, String description) {
    Setting<T> setting = new Setting<>(this, name, placeholder, kind, parser, description);
    settings.add(setting);
    return setting;
  }

  /** On or off; off unless it is given. */
  Setting<Boolean> flag(String name, String description) {
    return declare(name, "", Kind.FLAG, Section::truth, description).withDefault(false);
  }

  /** On or off, and the option takes the word. */
  Setting<Boolean> truth(String name, String description) {
    return declare(name, "<boolean>", Kind.FLAG, Section::truth, description);
  }

  /** A whole number between two bounds, both included. */
  Setting<Integer> count(String name, String placeholder, int min, int max, String description) {
    return number(name, placeholder, min, max, Math::toIntExact, description);
  }

  /** A time in whole seconds, at most a day. */
  Setting<Duration> seconds(String name, int min, String description) {
    return number(name, "<seconds>", min, DAY_SECONDS, Duration::ofSeconds, description);
  }

  /** The same, at least one second. */
  Setting<Duration> seconds(String name, String description) {
    return seconds(name, 1, description);
  }

  /** A time in whole days, at most a hundred years; 0 is allowed. */
  Setting<Duration> days(String name, String description) {
    return number(name, "<days>", 0, 36_500, Duration::ofDays, description);
  }

  /** A size written in MiB; the value is in bytes. */
  Setting<Long> mebibytes(String name, long min, long max, String description) {
    return number(name, "<MiB>", min, max, written -> written * MIB, description);
  }

  /** The same, from 1 MiB to 1 TiB. */
  Setting<Long> mebibytes(String name, String description) {
    return mebibytes(name, 1, 1 << 20, description);
  }

  /** A size written in KiB; the value is in bytes. */
  Setting<Integer> kibibytes(String name, int min, int max, String description) {
    return number(name, "<KiB>", min, max, written -> Math.toIntExact(written * KIB), description);
  }

  /** A number of pixels written in megapixels; 0 is allowed. */
  Setting<Long> megapixels(String name, String description) {
    return number(name, "<megapixels>", 0, 1 << 20, written -> written * MEGAPIXEL, description);
  }

  <T> Setting<T> number(
      String name,
      String placeholder,
      long min,
      long max,
      LongFunction<T> value,
      String description) {
    return declare(
        name,
        placeholder,
        Kind.NUMBER,
        written -> value.apply(whole(written.text(), min, max)),
        description);
  }

  /**
   * One of an enum's constants, as they call themselves, in lower case; the first is the default.
   */
  <E extends Enum<E>> Setting<E> oneOf(
      String name, String placeholder, E[] values, String description) {
    return declare(
            name,
            placeholder,
            Kind.TEXT,
            written ->
                Stream.of(values)
                    .filter(value -> word(value).equals(written.text()))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new ExpectedException(
                                Arrays.stream(values)
                                    .map(Section::word)
                                    .collect(Collectors.joining(", ", "one of ", "")))),
            description)
        .withDefault(word(values[0]));
  }

  private static String word(Enum<?> value) {
    return value.toString().toLowerCase(Locale.ROOT);
  }

  /** A text that means something only where it is not empty. */
  <T> Setting<Optional<T>> optional(
      String name, String placeholder, Parser<T> parser, String description) {
    return declare(name, placeholder, Kind.TEXT, optional(parser), description);
  }

  static <T> Parser<Optional<T>> optional(Parser<T> parser) {
    return written ->
        written.text().isEmpty() ? Optional.empty() : Optional.of(parser.parse(written));
  }

  /** Any number of values, separated by commas or blanks, each made by a parser of its own. */
  <E> Setting<List<E>> list(
      String name, String placeholder, Parser<E> element, String description) {
    return declare(
        name,
        placeholder,
        Kind.LIST,
        written -> {
          List<E> values = new ArrayList<>();
          for (String one : written.texts()) {
            values.add(element.parse(written.withTexts(List.of(one))));
          }
          return List.copyOf(values);
        },
        description);
  }

  private static boolean truth(Written written) throws ExpectedException {
    return switch (written.text().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new ExpectedException("true or false");
    };
  }

  static long whole(String text, long min, long max) throws ExpectedException {
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as one out of bounds is.
    }
    throw new ExpectedException("a whole number from %d to %d".formatted(min, max));
  }
}
