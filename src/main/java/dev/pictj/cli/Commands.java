package dev.pictj.cli;

import dev.pictj.app.Backends;
import dev.pictj.app.StartException;
import dev.pictj.catalog.CatalogException;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.UnknownVariables;
import dev.pictj.observe.LoggingSetup;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line as a whole. Its first word names the command; where it begins with an option, it
 * is for {@code serve}. What goes wrong is told here, in one line for each problem.
 */
public final class Commands {
  private static final int FAILED = 1;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  /** A command line that speaks to these streams and knows these environment variables. */
  public Commands(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  /**
   * Runs a command to its end.
   *
   * @return the exit status
   */
  public int run(String... arguments) {
    boolean named = arguments.length > 0 && !arguments[0].startsWith("-");
    String name = named ? arguments[0] : "serve";
    String[] rest = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
    if (!name.equals("serve")) {
      // The log is for servers; the other commands print what they have to say.
      LoggingSetup.apply("off", false);
    }
    return switch (name) {
      case "serve" -> {
        try (ServeCommand serve = new ServeCommand(environment)) {
          yield execute(name, ServerOptions.commandLine(out, environment, serve::run), rest);
        }
      }
      case "config" ->
          execute(
              name,
              ServerOptions.commandLine(out, environment, new ConfigCommand(out, err)::run),
              rest);
      case "check" -> execute(name, new CommandLine(new CheckCommand(out, terminal())), rest);
      case "backup" -> execute(name, new CommandLine(new BackupCommand(out)), rest);
      case "rehearse" -> execute(name, new CommandLine(new RehearseCommand(environment)), rest);
      default -> {
        err.printf("error: there is no command %s, only serve, config, check and backup%n", name);
        yield FAILED;
      }
    };
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
    if (e instanceof UnmatchedArgumentException unmatched
        && unmatched.isUnknownOption()
        && !unmatched.getSuggestions().isEmpty()) {
      err.printf(
          "error: there is no option %s; did you mean %s?%n",
          unmatched.getUnmatched().getFirst(), unmatched.getSuggestions().getFirst());
    } else {
      err.printf("error: %s; see %s --help%n", e.getMessage(), command.getCommandName());
    }
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private int failure(Exception e, CommandLine command) throws Exception {
    switch (e) {
      case InvalidSettingsException invalid -> {
        invalid.problems().forEach(problem -> err.println("error: " + problem));
        UnknownVariables.warnings(environment)
            .forEach(warning -> err.println("warning: " + warning));
      }
      case IOException io -> err.println("error: " + Backends.inWords(io));
      case CatalogException _, StartException _ -> err.println("error: " + e.getMessage());
      default -> throw e;
    }
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  /** Where progress is shown, or null where nobody sits. */
  private @Nullable PrintStream terminal() {
    boolean watched = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return watched ? err : null;
  }
}
