package dev.pictj;

import dev.pictj.app.Application;
import dev.pictj.app.Backends;
import dev.pictj.app.Rehearsal;
import dev.pictj.app.StartException;
import dev.pictj.app.StopWatchdog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.cli.BackupCommand;
import dev.pictj.cli.CheckCommand;
import dev.pictj.cli.ServerOptions;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.LogFormat;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.SettingsLoader;
import dev.pictj.config.UnknownVariables;
import dev.pictj.http.OutOfMemory;
import dev.pictj.observe.LoggingSetup;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The command line. Exit status 0 after a regular stop, --help or --version; 1 after anything else,
 * with a line on standard error that says what.
 */
public final class Main {
  /** What closing may take beyond the wait for requests. */
  private static final Duration STOP_MARGIN = Duration.ofSeconds(10);

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  /** A command line that speaks to these streams and knows these environment variables. */
  Main(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  /** Runs the server until it is told to stop. */
  public static void main(String[] arguments) {
    int status = new Main(System.out, System.err, System.getenv()).run(arguments);
    LoggingSetup.finish();
    if (status != 0) {
      System.exit(status);
    }
  }

  int run(String... arguments) {
    if (arguments.length > 0 && arguments.length < 3 && arguments[0].equals("rehearse")) {
      return rehearse(Arrays.stream(arguments).skip(1).map(java.nio.file.Path::of).findFirst());
    }
    Optional<CommandLine> subcommand = subcommand(arguments);
    if (subcommand.isPresent()) {
      // The log is for servers; what these have to say they print.
      LoggingSetup.apply("off", false);
      return subcommand.get().execute(Arrays.copyOfRange(arguments, 1, arguments.length));
    }
    if (arguments.length > 0 && arguments[0].equals("config")) {
      return withSettings(Arrays.copyOfRange(arguments, 1, arguments.length), this::report);
    }
    Application application = new Application(toolFolders());
    return withSettings(arguments, settings -> serve(settings, application));
  }

  /** Reads the settings and goes on with them, unless help is all that is asked for. */
  private int withSettings(String[] arguments, ToIntFunction<Settings> next) {
    try {
      ServerOptions options = ServerOptions.parse(arguments);
      if (options.answersItself(out)) {
        return 0;
      }
      return next.applyAsInt(new SettingsLoader(options.values(), environment).load());
    } catch (ParameterException e) {
      err.println("error: " + e.getMessage());
      err.println("USAGE: pictj [OPTIONS] --path <path>; for more information try --help");
    } catch (InvalidSettingsException e) {
      e.problems().forEach(problem -> err.println("error: " + problem));
      UnknownVariables.warnings(environment).forEach(warning -> err.println("warning: " + warning));
    }
    return 1;
  }

  private int report(Settings settings) {
    settings.warnings().forEach(warning -> err.println("warning: " + warning));
    out.print(settings.toToml());
    return 0;
  }

  /** The command that a command line begins with; most begin with an option and run the server. */
  private Optional<CommandLine> subcommand(String... arguments) {
    if (arguments.length == 0) {
      return Optional.empty();
    }
    // No console at all where nobody sits there.
    boolean watched = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    Optional<Callable<Integer>> named =
        switch (arguments[0]) {
          case "check" -> Optional.of(new CheckCommand(out, err, watched ? err : null));
          case "backup" -> Optional.of(new BackupCommand(out, err));
          default -> Optional.empty();
        };
    return named.map(command -> commandLine(command, arguments[0]));
  }

  private CommandLine commandLine(Callable<Integer> command, String name) {
    return new CommandLine(command)
        .setCommandName("pictj " + name)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(out, true, out.charset()))
        .setErr(new PrintWriter(err, true, err.charset()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
  }

  /**
   * For packagers, not for users: it is run once, under the JVM's recorder.
   *
   * @param libraries a folder for what starts would otherwise unpack each time
   */
  private int rehearse(Optional<java.nio.file.Path> libraries) {
    LoggingSetup.apply("info", false);
    try {
      ServerOptions.parse("--path", "data", "-a", "127.0.0.1:0").values();
      if (libraries.isPresent()) {
        Backends.unpackLibraries(libraries.get());
      }
      new Rehearsal(toolFolders()).run();
      return 0;
    } catch (IOException | InvalidSettingsException | StartException e) {
      err.println("error: " + e.getMessage());
      return 1;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private List<java.nio.file.Path> toolFolders() {
    return Optional.ofNullable(environment.get("PATH")).map(Main::folders).orElse(List.of());
  }

  private int serve(Settings settings, Application application) {
    LoggingSetup.apply(
        settings.get(SettingsCatalogue.LOG_LEVEL),
        settings.get(SettingsCatalogue.LOG_FORMAT) == LogFormat.JSON);
    settings.warnings().forEach(LoggerFactory.getLogger(Main.class)::warn);
    OutOfMemory.watchThreads();
    try {
      application.start(settings);
    } catch (IOException e) {
      err.println("error: " + Backends.inWords(e));
      return 1;
    } catch (CatalogException | StartException e) {
      err.println("error: " + e.getMessage());
      return 1;
    } catch (InvalidSettingsException e) {
      e.problems().forEach(problem -> err.println("error: " + problem));
      return 1;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    StopWatchdog watchdog =
        StopWatchdog.of(settings.get(SettingsCatalogue.SHUTDOWN_TIMEOUT).plus(STOP_MARGIN));
    Thread stop =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(
                () -> {
                  watchdog.stopBegins();
                  application.close();
                  LoggingSetup.finish();
                  stopped.countDown();
                  // Else the JVM reports the signal as status 143, and a regular stop looks
                  // like a failure.
                  Runtime.getRuntime().halt(0);
                });
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      application.awaitTools();
    } catch (StartException e) {
      try {
        Runtime.getRuntime().removeShutdownHook(stop);
      } catch (IllegalStateException _) {
        // It is at work already: somebody has stopped the server meanwhile.
      }
      err.println("error: " + e.getMessage());
      return 1;
    }
    try {
      stopped.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static List<java.nio.file.Path> folders(String path) {
    return Arrays.stream(path.split(java.io.File.pathSeparator, -1))
        .filter(folder -> folder.startsWith("/"))
        .map(java.nio.file.Path::of)
        .toList();
  }
}
