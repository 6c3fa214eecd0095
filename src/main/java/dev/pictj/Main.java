package dev.pictj;

import dev.pictj.app.Application;
import dev.pictj.app.Backends;
import dev.pictj.app.Rehearsal;
import dev.pictj.app.StartException;
import dev.pictj.app.StopWatchdog;
import dev.pictj.app.Version;
import dev.pictj.catalog.CatalogException;
import dev.pictj.cli.BackupCommand;
import dev.pictj.cli.CheckCommand;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.LogFormat;
import dev.pictj.config.Setting;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

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
    Application application = new Application(toolFolders());
    // A value may begin with an @: it names no file of arguments.
    CommandLine commandLine = new CommandLine(commandSpec()).setExpandAtFiles(false);
    Settings settings;
    try {
      ParseResult parsed = commandLine.parseArgs(arguments);
      if (parsed.isUsageHelpRequested()) {
        new CommandLine(helpSpec()).usage(out, CommandLine.Help.Ansi.OFF);
        return 0;
      }
      if (parsed.isVersionHelpRequested()) {
        out.println("pictj " + Version.text());
        return 0;
      }
      settings = new SettingsLoader(options(parsed), environment).load();
    } catch (ParameterException e) {
      err.println("error: " + e.getMessage());
      err.println("USAGE: pictj [FLAGS] [OPTIONS] --path <path>; for more information try --help");
      return 1;
    } catch (InvalidSettingsException e) {
      e.problems().forEach(problem -> err.println("error: " + problem));
      UnknownVariables.warnings(environment).forEach(warning -> err.println("warning: " + warning));
      return 1;
    }
    LoggingSetup.apply(
        settings.get(SettingsCatalogue.LOG_LEVEL),
        settings.get(SettingsCatalogue.LOG_FORMAT) == LogFormat.JSON);
    settings.warnings().forEach(LoggerFactory.getLogger(Main.class)::warn);
    return serve(settings, application);
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
      options(new CommandLine(commandSpec()).parseArgs("--path", "data", "-a", "127.0.0.1:0"));
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

  private static Map<String, List<String>> options(ParseResult parsed) {
    Map<String, List<String>> options = new HashMap<>();
    for (Setting<?> setting : SettingsCatalogue.all()) {
      String name = "--" + setting.name();
      if (!parsed.hasMatchedOption(name)) {
        continue;
      }
      if (setting.isSwitch()) {
        options.put(setting.name(), List.of(""));
      } else if (setting.isList()) {
        List<String> values = parsed.matchedOptionValue(name, List.<String>of());
        options.put(setting.name(), values == null ? List.of() : List.copyOf(values));
      } else {
        options.put(setting.name(), List.of(parsed.<String>matchedOptionValue(name, "")));
      }
    }
    for (String name : SettingsCatalogue.oldNames()) {
      if (parsed.hasMatchedOption("--" + name)) {
        options.put(name, parsed.matchedOptionValue("--" + name, List.of()));
      }
    }
    return options;
  }

  /** What is parsed: without headings, which cost as much as all the rest. */
  private static CommandSpec commandSpec() {
    CommandSpec spec = CommandSpec.create().name("pictj").addOption(help()).addOption(version());
    SettingsCatalogue.all().forEach(setting -> spec.addOption(option(setting)));
    SettingsCatalogue.oldNames()
        .forEach(name -> spec.addOption(texts(OptionSpec.builder("--" + name))));
    return spec;
  }

  /** Help has the shape that users of pict-rs know: switches first, then options with values. */
  private static CommandSpec helpSpec() {
    CommandSpec spec = CommandSpec.create().name("pictj");
    spec.usageMessage()
        .header("pictj " + Version.text(), "A standalone HTTP image host", "", "USAGE:")
        .synopsisHeading("    ")
        .customSynopsis("pictj [FLAGS] [OPTIONS] --path <path>", "pictj check|backup --help")
        .footer(
            "",
            "Every option can be given as an environment variable too; options win.",
            "Exit status: 0 after a regular stop, 1 when an option is wrong or the start fails.")
        .sortOptions(false)
        .width(100);
    ArgGroupSpec.Builder flags = ArgGroupSpec.builder().validate(false).heading("%nFLAGS:%n");
    ArgGroupSpec.Builder values = ArgGroupSpec.builder().validate(false).heading("%nOPTIONS:%n");
    flags.addArg(help()).addArg(version());
    for (Setting<?> setting : SettingsCatalogue.all()) {
      (setting.isSwitch() ? flags : values).addArg(option(setting));
    }
    return spec.addArgGroup(flags.build()).addArgGroup(values.build());
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("Prints help").build();
  }

  private static OptionSpec version() {
    return OptionSpec.builder("-V", "--version")
        .versionHelp(true)
        .description("Prints the version")
        .build();
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
    return setting.isList() ? texts(option) : option.type(String.class).arity("1").build();
  }

  private static OptionSpec texts(OptionSpec.Builder option) {
    return option.type(List.class).auxiliaryTypes(String.class).arity("0..*").build();
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
