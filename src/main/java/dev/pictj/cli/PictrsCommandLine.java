package dev.pictj.cli;

import dev.pictj.config.PictrsKey;
import dev.pictj.config.PictrsKeys;
import dev.pictj.config.SettingsCatalogue;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command line of pict-rs 0.5: {@code [options] run [options] filesystem [options] sled
 * [options]}, where a store may be left out, and behind it a repo. Our own options may stand before
 * {@code run} and behind it.
 */
final class PictrsCommandLine {
  /** The option for a file that the settings are written to before the start. */
  static final String SAVE_TO = "--save-to";

  private static final int FAILED = 1;

  /** Characters of a line of help. */
  static final int WIDTH = 100;

  private static final String STORE_TYPE = "store.type";
  private static final String REPO_TYPE = "repo.type";

  /** Keys that are set by naming a store or a repo as a subcommand. */
  private static final Map<String, Map<String, List<String>>> IMPLIED =
      Map.of(
          PictrsKeys.RUN,
          Map.of(PictrsKeys.RUN, List.of()),
          "filesystem",
          Map.of(STORE_TYPE, List.of("filesystem")),
          "object-storage",
          Map.of(STORE_TYPE, List.of("object_storage")),
          "sled",
          Map.of(REPO_TYPE, List.of("sled")),
          "fjall",
          Map.of(REPO_TYPE, List.of("fjall")),
          "postgres",
          Map.of(REPO_TYPE, List.of("postgres")));

  private PictrsCommandLine() {}

  /**
   * The root of it, to which our own options can be added.
   *
   * @param ownOptions adds them behind {@code run}
   */
  static CommandSpec spec(Consumer<CommandSpec> ownOptions) {
    CommandSpec run = command(PictrsKeys.RUN);
    ownOptions.accept(run);
    for (String store : List.of("filesystem", "object-storage")) {
      CommandSpec named = command(store);
      Stream.of("sled", "fjall", "postgres")
          .forEach(repo -> named.addSubcommand(repo, command(repo)));
      run.addSubcommand(store, named);
    }
    return command("")
        .addSubcommand(PictrsKeys.RUN, run)
        .addOption(
            OptionSpec.builder("--config-file")
                .type(String.class)
                .arity("1")
                .userObject(SettingsCatalogue.CONFIG)
                .build())
        .addOption(OptionSpec.builder(SAVE_TO).type(String.class).arity("1").build());
  }

  private static CommandSpec command(String name) {
    CommandSpec spec = CommandSpec.create().exitCodeOnInvalidInput(FAILED);
    if (!name.isEmpty()) {
      spec.name(name);
    }
    if (name.equals("object-storage") || name.equals("postgres")) {
      // They are refused, and it does not matter how they would be reached.
      spec.parser().unmatchedArgumentsAllowed(true).unmatchedOptionsArePositionalParams(true);
    }
    PictrsKeys.all().stream()
        .filter(key -> key.option().filter(one -> one.command().equals(name)).isPresent())
        .map(PictrsCommandLine::option)
        .forEach(spec::addOption);
    return spec;
  }

  private static OptionSpec option(PictrsKey key) {
    PictrsKey.Option option = key.option().orElseThrow();
    OptionSpec.Builder spec =
        OptionSpec.builder(option.names().toArray(String[]::new)).userObject(key);
    return option.switchText().isEmpty()
        ? spec.type(List.class).auxiliaryTypes(String.class).arity("1").build()
        : spec.type(boolean.class).arity("0").build();
  }

  /** Prints which options stand behind which word, and what each does here. */
  static void help(PrintStream out) {
    for (String word :
        List.of("", PictrsKeys.RUN, "filesystem", "sled", "fjall", "object-storage", "postgres")) {
      CommandSpec spec = CommandSpec.create();
      spec.usageMessage().width(WIDTH).sortOptions(false);
      PictrsKeys.all().stream()
          .filter(key -> key.option().filter(one -> one.command().equals(word)).isPresent())
          .forEach(key -> spec.addOption(described(key)));
      if (word.isEmpty()) {
        spec.addOption(
            OptionSpec.builder(SAVE_TO)
                .type(String.class)
                .paramLabel("<file>")
                .description("writes the settings there and goes on")
                .build());
      }
      out.println();
      out.println(word.isEmpty() ? "Of pict-rs 0.5:" : "Of pict-rs 0.5, behind " + word + ":");
      out.print(
          new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
              .optionList());
    }
  }

  private static OptionSpec described(PictrsKey key) {
    return OptionSpec.builder(option(key))
        .paramLabel("<value>")
        .description(key.meaning().replace("`", "").replace("%", "%%"))
        .build();
  }

  /** The value that was given with the option of a key. */
  static List<String> texts(PictrsKey key, OptionSpec option) {
    String switchText = key.option().orElseThrow().switchText();
    return switchText.isEmpty()
        ? option.<List<?>>getValue().stream().map(String::valueOf).toList()
        : List.of(switchText);
  }

  /** The keys that naming a command sets. */
  static Map<String, List<String>> saidBy(CommandSpec command) {
    return IMPLIED.getOrDefault(command.name(), Map.of());
  }
}
