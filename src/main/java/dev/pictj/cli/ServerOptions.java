package dev.pictj.cli;

import dev.pictj.config.PictrsKey;
import dev.pictj.config.PictrsKeys;
import dev.pictj.config.Setting;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.SettingsLoader;
import dev.pictj.config.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command line of all that is about a server's settings: an option for each of them. */
record ServerOptions(ParseResult parsed) {
  /** The commands that there are, but for the one that only builds use. */
  static final List<String> COMMANDS =
      List.of("serve", "config", "check", "backup", "adopt", "sign", "doctor", "help");

  private static final String HELP_ALL = "--help-all";
  private static final int FAILED = 1;

  /** Work that needs the settings. */
  @FunctionalInterface
  interface Command {
    void run(Settings settings) throws Exception;
  }

  /**
   * Makes a command with these options, which also prints help and the version.
   *
   * @param environment variables that may hold settings too
   * @param ofPictrs whether it understands the words and options of pict-rs 0.5, too
   * @param check of what the settings are together
   */
  static CommandLine commandLine(
      PrintStream out,
      Map<String, String> environment,
      boolean ofPictrs,
      SettingsLoader.Check check,
      Command command) {
    CommandSpec spec =
        ofPictrs ? PictrsCommandLine.spec(ServerOptions::addTo) : CommandSpec.create();
    spec.exitCodeOnInvalidInput(FAILED);
    // Without headings, which cost as much as all the rest.
    addTo(spec);
    CommandLine line = new CommandLine(spec);
    return line.setExecutionStrategy(
        parsed -> {
          ServerOptions options = new ServerOptions(parsed);
          if (!options.answersItself(out)) {
            try {
              Settings settings = new SettingsLoader(options.values(), environment).load(check);
              options.save(settings);
              command.run(settings);
            } catch (Exception e) {
              throw new ExecutionException(line, "the command has failed", e);
            }
          }
          return 0;
        });
  }

  /** All options, but for those whose long name another has already. */
  static void addTo(CommandSpec spec) {
    Stream.of(
            ownOptions().stream(),
            SettingsCatalogue.all().stream().map(ServerOptions::option),
            SettingsCatalogue.oldNames().stream()
                .map(name -> texts(OptionSpec.builder("--" + name)).build()))
        .flatMap(options -> options)
        .filter(option -> !spec.optionsMap().containsKey(option.longestName()))
        .forEach(
            option ->
                spec.addOption(
                    OptionSpec.builder(option)
                        .names(
                            Stream.of(option.names())
                                .filter(name -> !spec.optionsMap().containsKey(name))
                                .toArray(String[]::new))
                        .build()));
  }

  /** Prints help or the version where that is asked for. */
  private boolean answersItself(PrintStream out) {
    List<ParseResult> levels = levels();
    boolean all = levels.stream().anyMatch(level -> level.hasMatchedOption(HELP_ALL));
    boolean help = all || levels.stream().anyMatch(ParseResult::isUsageHelpRequested);
    if (help) {
      new CommandLine(help(all)).usage(out, CommandLine.Help.Ansi.OFF);
      if (parsed.commandSpec().subcommands().containsKey(PictrsKeys.RUN)) {
        PictrsCommandLine.help(out);
      }
    }
    boolean version = levels.stream().anyMatch(ParseResult::isVersionHelpRequested);
    if (version && !help) {
      out.println("pictj " + Version.text());
    }
    return help || version;
  }

  /** The options before the first word that names a command, and after each of these. */
  private List<ParseResult> levels() {
    return Stream.iterate(parsed, Objects::nonNull, ParseResult::subcommand).toList();
  }

  /** Values as {@link SettingsLoader} takes them. */
  private Map<String, List<String>> values() {
    Map<String, List<String>> values = new HashMap<>();
    for (ParseResult level : levels()) {
      values.putAll(PictrsCommandLine.saidBy(level.commandSpec()));
      values.putAll(values(level));
    }
    return values;
  }

  /** Writes the settings to the file of {@code --save-to}, whole or not at all. */
  private void save(Settings settings) throws IOException {
    for (ParseResult level : levels()) {
      if (level.hasMatchedOption(PictrsCommandLine.SAVE_TO)) {
        Path file =
            Path.of(level.<String>matchedOptionValue(PictrsCommandLine.SAVE_TO, ""))
                .toAbsolutePath();
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.writeString(partial, settings.toToml());
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Map<String, List<String>> values(ParseResult level) {
    Map<String, List<String>> values = new HashMap<>();
    for (OptionSpec option : level.matchedOptions()) {
      if (option.userObject() instanceof PictrsKey key) {
        values.put(key.name(), PictrsCommandLine.texts(key, option));
        continue;
      }
      if (option.longestName().equals(PictrsCommandLine.SAVE_TO)) {
        continue;
      }
      String name =
          option.userObject() instanceof Setting<?> setting
              ? setting.name()
              : option.longestName().substring("--".length());
      switch (option.<Object>getValue()) {
        case String text -> values.put(name, List.of(text));
        case List<?> texts -> values.put(name, texts.stream().map(String::valueOf).toList());
        case null, default -> values.put(name, option.isMultiValue() ? List.of() : List.of(""));
      }
    }
    return values;
  }

  private static CommandSpec help(boolean all) {
    CommandSpec spec = CommandSpec.create().name("pictj");
    spec.usageMessage()
        .header("pictj " + Version.text(), "A standalone HTTP image host", "", "USAGE:")
        .synopsisHeading("")
        .customSynopsis(
            "    pictj [OPTIONS] --path <path>",
            "    pictj [OPTIONS] run --help                as pict-rs 0.5 is called",
            "    pictj config [check] [OPTIONS]            prints, or checks, the settings",
            "    pictj doctor [OPTIONS]                    tells what this machine can do",
            "    pictj help " + String.join("|", COMMANDS))
        .footer(
            "",
            "Every option can be given as an environment variable and in a file, too; options win.",
            "pictj config, with the same options, prints the settings and where each comes from.",
            "Exit status: 0 after a regular stop, 1 when an option is wrong or the start fails.")
        .sortOptions(false)
        .width(PictrsCommandLine.WIDTH);
    SettingsCatalogue.sections()
        .forEach(
            (section, settings) -> {
              ArgGroupSpec.Builder group =
                  ArgGroupSpec.builder().validate(false).heading("%n" + section.title() + ":%n");
              if (section.table().isEmpty()) {
                ownOptions().forEach(group::addArg);
              }
              settings.stream()
                  .filter(setting -> all || setting.isBasic())
                  .forEach(setting -> group.addArg(option(setting)));
              if (!group.args().isEmpty()) {
                spec.addArgGroup(group.build());
              }
            });
    return spec;
  }

  private static List<OptionSpec> ownOptions() {
    return List.of(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Prints what most administrators need")
            .build(),
        OptionSpec.builder(HELP_ALL)
            .type(boolean.class)
            .description("Prints help for every option")
            .build(),
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Prints the version")
            .build());
  }

  private static OptionSpec option(Setting<?> setting) {
    String name = "--" + setting.name();
    OptionSpec.Builder option =
        setting.letter().isEmpty()
            ? OptionSpec.builder(name)
            : OptionSpec.builder("-" + setting.letter(), name);
    option.description(description(setting)).paramLabel(setting.placeholder());
    if (setting.isSwitch()) {
      return option.type(boolean.class).arity("0").build();
    }
    return setting.isList()
        ? texts(option).arity("1..*").build()
        : option.type(String.class).arity("1").build();
  }

  private static OptionSpec.Builder texts(OptionSpec.Builder option) {
    return option.type(List.class).auxiliaryTypes(String.class).arity("0..*");
  }

  private static String description(Setting<?> setting) {
    StringBuilder text = new StringBuilder(setting.description());
    if (!setting.isSwitch()) {
      text.append(" [env: ").append(setting.environment().getFirst()).append(']');
      if (!setting.fallback().isEmpty()) {
        text.append(" [default: ").append(setting.fallback()).append(']');
      }
    }
    return text.toString().replace("%", "%%");
  }
}
