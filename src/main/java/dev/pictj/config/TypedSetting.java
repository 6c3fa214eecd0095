package dev.pictj.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A setting declared once, with its type: {@code settings.get(X)} is all that its user needs.
 *
 * @param text how it is written, what it is when it is not, what it means
 * @param parser makes the value of what was written, see {@link Parser}
 * @param <T> of the value, which is never null
 */
public record TypedSetting<T>(Setting text, Parser<T> parser) {
  private static final long MIB = 1 << 20;

  /** Makes a value of everything that was written for a setting. */
  @FunctionalInterface
  public interface Parser<T> {
    /**
     * The value.
     *
     * @param written one text for most settings; any number, none included, for lists; empty when
     *     nothing was written and there is no default
     * @throws ExpectedException that says what it must be
     */
    T parse(List<String> written) throws ExpectedException;
  }

  /** What was written is no value of this setting; the message ends the sentence "must be …". */
  public static final class ExpectedException extends Exception {
    private static final long serialVersionUID = 1;

    /** Ends the sentence "must be …". */
    public ExpectedException(String expected) {
      super(expected);
    }
  }

  /** On or off; off unless it is given. */
  static TypedSetting<Boolean> flag(String name, String description) {
    return new TypedSetting<>(
        Setting.of(name, "", "false", description),
        written ->
            switch (written.getFirst().toLowerCase(Locale.ROOT)) {
              case "true", "1", "yes", "on" -> true;
              case "false", "0", "no", "off" -> false;
              default -> throw new ExpectedException("true or false");
            });
  }

  /** A whole number between two bounds, both included. */
  static TypedSetting<Integer> count(
      String name, int fallback, int min, int max, String description) {
    return number(name, "<count>", fallback, min, max, Math::toIntExact, description);
  }

  /** A time in whole seconds, at least one and at most a day. */
  static TypedSetting<Duration> seconds(String name, int fallback, String description) {
    return number(name, "<seconds>", fallback, 1, 86_400, Duration::ofSeconds, description);
  }

  /** The same, and 0 is allowed. */
  static TypedSetting<Duration> secondsOrNone(String name, int fallback, String description) {
    return number(name, "<seconds>", fallback, 0, 86_400, Duration::ofSeconds, description);
  }

  /** A time in whole days, at most a hundred years; 0 is allowed. */
  static TypedSetting<Duration> days(String name, int fallback, String description) {
    return number(name, "<days>", fallback, 0, 36_500, Duration::ofDays, description);
  }

  /** A size written in MiB; the value is in bytes. */
  static TypedSetting<Long> mebibytes(
      String name, long fallback, long min, long max, String description) {
    return number(name, "<MiB>", fallback, min, max, written -> written * MIB, description);
  }

  /** A size written in KiB; the value is in bytes. */
  static TypedSetting<Long> kibibytes(
      String name, long fallback, long min, long max, String description) {
    return number(name, "<KiB>", fallback, min, max, written -> written * 1024, description);
  }

  /** One of an enum's names, written in lower case; the first constant is the default. */
  static <E extends Enum<E>> TypedSetting<E> oneOf(
      String name, String placeholder, E[] values, Function<E, String> word, String description) {
    String words = Arrays.stream(values).map(word).collect(Collectors.joining(", "));
    return new TypedSetting<>(
        Setting.of(name, placeholder, word.apply(values[0]), description),
        written ->
            Arrays.stream(values)
                .filter(value -> word.apply(value).equals(written.getFirst()))
                .findFirst()
                .orElseThrow(() -> new ExpectedException("one of " + words)));
  }

  /** Any number of values, separated by commas or blanks, each made by a parser of its own. */
  static <E> TypedSetting<List<E>> list(
      String name, String placeholder, Parser<E> element, String description) {
    return new TypedSetting<>(
        Setting.of(name, placeholder, "", description).asList(),
        written -> {
          List<E> values = new java.util.ArrayList<>();
          for (String one : written) {
            for (String part : one.split("[,\\s]+", -1)) {
              if (!part.isEmpty()) {
                values.add(element.parse(List.of(part)));
              }
            }
          }
          return List.copyOf(values);
        });
  }

  private static <T> TypedSetting<T> number(
      String name,
      String placeholder,
      long fallback,
      long min,
      long max,
      Function<Long, T> value,
      String description) {
    return new TypedSetting<>(
        Setting.of(name, placeholder, Long.toString(fallback), description),
        written -> {
          try {
            long number = Long.parseLong(written.getFirst());
            if (number >= min && number <= max) {
              return value.apply(number);
            }
          } catch (NumberFormatException _) {
            // Told below, as one out of bounds is.
          }
          throw new ExpectedException("a whole number from %d to %d".formatted(min, max));
        });
  }

  /** Its name, so that the settings can be logged. */
  @Override
  public String toString() {
    return text.name();
  }
}
