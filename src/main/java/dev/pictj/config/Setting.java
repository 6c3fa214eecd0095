package dev.pictj.config;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A setting of an administrator. It is declared once, in {@link SettingsCatalogue}, and read from
 * the {@code Settings} where it is needed.
 *
 * @param <T> the type of its value, which is never null
 */
public final class Setting<T> {
  /** End the names of variables that name a file with a secret; the latter as a section would. */
  static final List<String> SECRET_FILES = List.of("_FILE", "__FILE");

  /** The kind of value in a TOML file. */
  enum Kind {
    FLAG("true or false"),
    NUMBER("a whole number"),
    AGE("a whole number of days, or a text in quotes such as \"12h\""),
    TEXT("a text in quotes"),
    LIST("a list of texts in quotes");

    final String inWords;

    Kind(String inWords) {
      this.inWords = inWords;
    }
  }

  /** What is known of the settings that are declared before another one. */
  interface Earlier {
    <T> T get(Setting<T> setting);

    /** Whether they were given as pict-rs 0.5 has them, some at least. */
    boolean isOfPictrs05();

    /** Whether this setting is, be it because nothing was said of it in such a form. */
    boolean isAsPictrsHasIt(Setting<?> setting);
  }

  /**
   * What was written for a setting.
   *
   * @param texts one for most settings; any number, none included, for lists; empty when nothing
   *     was written and there is no default
   * @param source the option, the variable or the file; empty for a default
   * @param where the same for messages; in a file it names the key
   * @param earlier the settings that are declared before this one
   * @param ofPictrs whether a key of pict-rs says it, and not our own name
   */
  record Written(
      List<String> texts, String source, String where, Earlier earlier, boolean ofPictrs) {
    Written(List<String> texts, String source, String where, Earlier earlier) {
      this(texts, source, where, earlier, false);
    }

    /** What was written for a setting that is no list; empty when nothing was. */
    String text() {
      return texts.isEmpty() ? "" : texts.getLast();
    }

    Written byPictrs() {
      return new Written(texts, source, where, earlier, true);
    }

    Written withTexts(List<String> others) {
      return new Written(others, source, where, earlier, ofPictrs);
    }
  }

  /** Makes a value of what was written. */
  @FunctionalInterface
  interface Parser<T> {
    /**
     * The value.
     *
     * @throws ExpectedException that says what it must be
     */
    T parse(Written written) throws ExpectedException;
  }

  /** What was written is no value of this setting; the message ends the sentence "must be …". */
  static final class ExpectedException extends Exception {
    private static final long serialVersionUID = 1;

    ExpectedException(String expected) {
      super(expected);
    }
  }

  final Section section;
  private final String name;
  final Kind kind;
  final Parser<T> parser;
  private String placeholder;
  private String description = "";
  private String letter = "";
  private String fallback = "";
  private Function<Earlier, ?> computedFallback = _ -> fallback;
  private List<String> environment;
  private boolean basic;
  private boolean secret;

  Setting(Section section, String name, String placeholder, Kind kind, Parser<T> parser) {
    this.section = section;
    this.name = name;
    this.placeholder = placeholder;
    this.kind = kind;
    this.parser = parser;
    this.environment = variables(name).toList();
  }

  /** Both spellings of its variable: releases of pict-rs differed in the underscores. */
  static Stream<String> variables(String name) {
    String rest = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Stream.of("PICTRS_" + rest, "PICTRS__" + rest);
  }

  /** Sets the help text. */
  Setting<T> says(String sentence) {
    this.description = sentence;
    return this;
  }

  /** Sets how help shows a value. */
  Setting<T> as(String placeholder) {
    this.placeholder = placeholder;
    return this;
  }

  /** Sets the short option; a setting that has one is basic. */
  Setting<T> withLetter(String letter) {
    this.letter = letter;
    return basic();
  }

  /** Sets other variables than its own; PICTRS_ ones are read in both spellings. */
  Setting<T> withVariables(String... names) {
    this.environment =
        Stream.of(names)
            .flatMap(
                other ->
                    other.startsWith("PICTRS_")
                        ? variables(other.substring("PICTRS_".length()))
                        : Stream.of(other))
            .toList();
    return this;
  }

  /** Sets the default, as it would be written. */
  Setting<T> withDefault(Object written) {
    this.fallback = written.toString();
    return this;
  }

  /** A default that depends on the machine or on earlier settings; the description tells it. */
  Setting<T> withDefault(Function<Earlier, ?> written) {
    this.computedFallback = written;
    return this;
  }

  /** Marks the setting as one that the short help shows. */
  Setting<T> basic() {
    this.basic = true;
    return this;
  }

  /** Marks the setting as a secret, whose value is never shown. */
  Setting<T> secret() {
    this.secret = true;
    return this;
  }

  /** The long option without dashes, and the key in the file. */
  public String name() {
    return name;
  }

  /** The letter of the short option, or empty. */
  public String letter() {
    return letter;
  }

  /** How help shows the value; empty for a switch. */
  public String placeholder() {
    return placeholder;
  }

  /** Whether its option takes no value. */
  public boolean isSwitch() {
    return placeholder.isEmpty();
  }

  /** Whether several values may be given, none included. */
  public boolean isList() {
    return kind == Kind.LIST;
  }

  /** Whether it is one of the few that most administrators look for. */
  public boolean isBasic() {
    return basic;
  }

  /** The default as it would be written; empty where there is none, or where it is computed. */
  public String fallback() {
    return fallback;
  }

  /** Names of environment variables; the first one set wins. */
  public List<String> environment() {
    return environment;
  }

  /** One sentence for help and docs/configuration.md. */
  public String description() {
    return description;
  }

  boolean isSecret() {
    return secret;
  }

  /**
   * The message about a bad value.
   *
   * @param where it was written
   * @param text as it was written
   * @param expected how a sentence ends that says what it must be
   */
  String problem(String where, String text, String expected) {
    return secret
        ? "%s must be %s".formatted(where, expected)
        : "%s is %s, but must be %s".formatted(where, text, expected);
  }

  /** The default as it would be written, computed or not; empty where there is none. */
  String fallback(Earlier earlier) {
    return computedFallback.apply(earlier).toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
