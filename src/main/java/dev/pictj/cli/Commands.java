package dev.pictj.cli;

import dev.pictj.app.Application;
import dev.pictj.app.Backends;
import dev.pictj.app.StartException;
import dev.pictj.catalog.CatalogException;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Nearest;
import dev.pictj.config.PictrsKeys;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.observe.LoggingSetup;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line as a whole. Its first word names the command; where it begins with an option, it
 * is for {@code serve}. This class prints errors, in one line for each problem.
 *
 * @param environment variables by name
 */
public record Commands(PrintStream out, PrintStream err, Map<String, String> environment) {
  private static final int FAILED = 1;
  private static final String[] HELP = {"--help"};

  /** Commands of pict-rs 0.5 that are not here. */
  private static final Set<String> MIGRATIONS = Set.of("migrate-store", "migrate-repo");

  /**
   * Runs a command to its end.
   *
   * @return the exit status
   */
  public int run(String... arguments) {
    List<String> words = List.of(arguments);
    Optional<String> migration = words.stream().filter(MIGRATIONS::contains).findFirst();
    if (migration.isPresent()) {
      err.printf(
          "error: there is no %s: pictj reads and writes no data of pict-rs; pictj adopt moves"
              + " pictures over HTTP, as docs/migrating-from-pict-rs.md says%n",
          migration.get());
      return FAILED;
    }
    boolean ofPictrs = words.contains(PictrsKeys.RUN);
    boolean named =
        !words.isEmpty()
            && !words.getFirst().startsWith("-")
            && !words.getFirst().equals(PictrsKeys.RUN);
    String name = named ? arguments[0] : "serve";
    String[] rest = named ? behind(arguments) : arguments;
    if (!name.equals("serve")) {
      // The log is for servers; the other commands print what they have to say.
      LoggingSetup.apply("off", false);
    }
    return switch (name) {
      case "serve" -> {
        try (ServeCommand serve = new ServeCommand(environment)) {
          yield execute(
              name,
              ServerOptions.commandLine(
                  out, environment, ofPictrs, Application::problems, serve::run),
              rest);
        }
      }
      case "config" -> {
        boolean checks = rest.length > 0 && rest[0].equals("check");
        ConfigCommand config = new ConfigCommand(out, err);
        yield execute(
            checks ? "config check" : name,
            ServerOptions.commandLine(
                out,
                environment,
                ofPictrs,
                checks ? Application::problems : _ -> List.of(),
                checks ? config::check : config::run),
            checks ? behind(rest) : rest);
      }
      case "help" ->
          run(rest.length == 0 || rest[0].equals(name) ? HELP : new String[] {rest[0], HELP[0]});
      case "check" -> execute(name, withHelp(new CheckCommand(out, err, isWatched())), rest);
      case "backup" -> execute(name, withHelp(new BackupCommand(out, err, isWatched())), rest);
      case "adopt" ->
          execute(name, withHelp(new AdoptCommand(out, err, isWatched(), environment)), rest);
      case "sign" ->
          execute(name, withHelp(new SignCommand(out, environment, InstantSource.system())), rest);
      case "doctor" -> {
        DoctorCommand doctor = new DoctorCommand(out, environment);
        yield execute(
            name,
            ServerOptions.commandLine(
                out, doctor.settingsEnvironment(), ofPictrs, Application::problems, doctor::run),
            rest);
      }
      case "rehearse" -> execute(name, withHelp(new RehearseCommand(environment)), rest);
      default -> {
        List<String> commands = ServerOptions.COMMANDS;
        err.printf(
            "error: there is no command %s, only %s and %s%n",
            name, String.join(", ", commands.subList(0, commands.size() - 1)), commands.getLast());
        yield FAILED;
      }
    };
  }

  /** The arguments after the first word. */
  private static String[] behind(String[] words) {
    return Arrays.copyOfRange(words, 1, words.length);
  }

  private static CommandLine withHelp(Object command) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    return new CommandLine(
        spec.addOption(
            OptionSpec.builder("-h", "--help").usageHelp(true).description("Prints help").build()));
  }

  private int execute(String name, CommandLine command, String... arguments) {
    return command
        .setCommandName("pictj " + name)
        // A value may begin with an @: it names no file of arguments.
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(out, true, out.charset()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler((e, _) -> wrongArguments(e))
        .setExecutionExceptionHandler((e, line, _) -> failure(e, line))
        .execute(arguments);
  }

  private int wrongArguments(ParameterException e) {
    CommandLine command = e.getCommandLine();
    Optional<String> unknown =
        e instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()
            ? Optional.of(unmatched.getUnmatched().getFirst().split("=", 2)[0])
            : Optional.empty();
    List<String> options =
        command.getCommandSpec().optionsMap().keySet().stream()
            .filter(name -> name.startsWith("--"))
            .filter(name -> !SettingsCatalogue.oldNames().contains(name.substring(2)))
            .toList();
    Optional<String> meant = unknown.flatMap(name -> Nearest.meant(name, options));
    if (meant.isPresent()) {
      err.printf("error: there is no option %s; did you mean %s?%n", unknown.get(), meant.get());
    } else {
      err.printf("error: %s; see %s --help%n", e.getMessage(), command.getCommandName());
    }
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private int failure(Exception e, CommandLine command) throws Exception {
    switch (e) {
      case InvalidSettingsException invalid -> {
        invalid.problems().forEach(problem -> err.println("error: " + problem));
        invalid.warnings().forEach(warning -> err.println("warning: " + warning));
      }
      case IOException io -> err.println("error: " + Backends.inWords(io));
      case CatalogException _, StartException _ -> err.println("error: " + e.getMessage());
      default -> throw e;
    }
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  /** Whether the process has a terminal. */
  private static boolean isWatched() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }
}
