package dev.pictj.cli;

import dev.pictj.adopt.Move;
import dev.pictj.adopt.PostgresRepo;
import dev.pictj.app.Application;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Setting;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.SettingsLoader;
import dev.pictj.store.TempFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pictj adopt}: moves pictures and names from a running pict-rs. */
@Command(
    name = "adopt",
    sortOptions = false,
    description = {
      "Moves all pictures, with their names, from a running pict-rs into a running pictj (--to),",
      "or into the data folder of a stopped one (--path). Bytes stay as they are. May be broken"
          + " off",
      "and called again; what is there already is not moved again.",
    },
    exitCodeOnInvalidInput = 2,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every name is there",
      "1:some are not, and the report says why; or it could not go on",
      "2:the command line is wrong",
    })
final class AdoptCommand implements Callable<Integer> {
  /** Settings that a server which only this command asks does not need, or must not have. */
  private static final List<Setting<?>> UNUSED_SETTINGS =
      List.of(
          SettingsCatalogue.ADDR,
          SettingsCatalogue.API_KEY,
          SettingsCatalogue.METRICS_ADDR,
          SettingsCatalogue.READ_ONLY,
          SettingsCatalogue.TLS_CERTIFICATE,
          SettingsCatalogue.TLS_KEY);

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final Map<String, String> environment;

  @Parameters(paramLabel = "<url>", description = "Where pict-rs listens")
  private URI from;

  @Option(
      names = "--api-key",
      paramLabel = "<key>",
      defaultValue =
          "${env:PICTJ_ADOPT_API_KEY:-${env:PICTRS__SERVER__API_KEY:-${env:PICTRS_API_KEY}}}",
      description = {
        "Its key, for the list of its names; better given in the environment",
        "[env: PICTJ_ADOPT_API_KEY, else PICTRS_API_KEY]"
      })
  private @Nullable String fromKey;

  @Option(
      names = "--to",
      paramLabel = "<url>",
      description = "Where the running pictj listens that they go to")
  private @Nullable URI to;

  @Option(
      names = "--to-api-key",
      paramLabel = "<key>",
      defaultValue = "${env:PICTRS__SERVER__API_KEY:-${env:PICTRS_API_KEY}}",
      description = "Its key; better given in the environment [env: PICTRS_API_KEY]")
  private @Nullable String toKey;

  @Option(
      names = {"-p", "--path"},
      paramLabel = "<path>",
      defaultValue = "${env:PICTRS__STORE__PATH:-${env:PICTRS_PATH}}",
      description = {
        "Without --to: the data folder that they go to, whose server is stopped; other settings",
        "are read from the environment and --config-file [env: PICTRS_PATH]"
      })
  private @Nullable Path path;

  @Option(
      names = {"-c", "--config-file"},
      paramLabel = "<file>",
      description = "The file with the settings of that server")
  private @Nullable Path config;

  @Option(
      names = "--ca",
      paramLabel = "<file>",
      description = {
        "PEM file with certificates to trust, such as the servers' own; those that Java trusts",
        "when not given"
      })
  private @Nullable Path trusted;

  @Option(
      names = "--aliases",
      paramLabel = "<file>",
      description = {
        "File with the names to move, one a line; - for standard input. pict-rs before 0.5 does"
            + " not",
        "tell its names; without this all of them are moved"
      })
  private @Nullable String aliases;

  @Option(
      names = "--tokens",
      paramLabel = "<file>",
      description = {
        "CSV with names and their delete tokens, which pict-rs tells nobody: columns pictrs_alias",
        "and pictrs_delete_token, as in Lemmy's table local_image. What is not in it gets a new one"
      })
  private @Nullable Path tokens;

  @Option(
      names = "--repo",
      paramLabel = "<url>",
      description = {
        "The PostgreSQL database of pict-rs 0.5, which has them, as its repo.url says:",
        "postgresql://user:password@host:port/database. --tokens wins where both have a name; the"
            + " password",
        "is better given in the environment [env: PICTJ_ADOPT_REPO; PGPASSWORD for the password"
            + " alone]"
      })
  private @Nullable String repo;

  @Option(
      names = "--report",
      paramLabel = "<file>",
      defaultValue = "adopt-report.jsonl",
      description = {
        "What became of each name, a line of JSON each, new delete tokens included; an earlier one"
            + " is",
        "gone on with [default: ${DEFAULT-VALUE}]"
      })
  private Path report;

  @Option(
      names = "--parallel",
      paramLabel = "<count>",
      defaultValue = "4",
      description = "Pictures that are moved at a time [default: ${DEFAULT-VALUE}]")
  private int parallel;

  @Option(
      names = "--timeout",
      paramLabel = "<seconds>",
      defaultValue = "120",
      description = "Time that one reply may take, bytes included [default: ${DEFAULT-VALUE}]")
  private int timeout;

  @Option(
      names = "--retries",
      paramLabel = "<count>",
      defaultValue = "6",
      description = {
        "How often a server is asked again that is busy (429, 502, 503, 504) or does not answer",
        "[default: ${DEFAULT-VALUE}]"
      })
  private int retries;

  @Option(
      names = "--pause",
      paramLabel = "<seconds>",
      defaultValue = "1",
      description = {
        "Pause before that for all, where it says no Retry-After; twice as long each time, at most"
            + " 300",
        "[default: ${DEFAULT-VALUE}]"
      })
  private int pause;

  @Option(
      names = "--give-up",
      paramLabel = "<count>",
      defaultValue = "20",
      description = {
        "Pictures in a row that a server does not answer for, after which it ends, to be called"
            + " again",
        "[default: ${DEFAULT-VALUE}]"
      })
  private int giveUp;

  /**
   * Makes the command.
   *
   * @param err where progress is shown
   * @param terminal whether somebody watches that
   * @param environment variables by name
   */
  @SuppressWarnings("NullAway.Init") // picocli sets what is required.
  AdoptCommand(
      PrintStream out, PrintStream err, boolean terminal, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    requireUrl(from, "pict-rs");
    requireAtLeast("--parallel", parallel, 1);
    requireAtLeast("--timeout", timeout, 1);
    requireAtLeast("--retries", retries, 0);
    requireAtLeast("--pause", pause, 0);
    requireAtLeast("--give-up", giveUp, 1);
    Optional<PostgresRepo> database = database();
    if (to != null) {
      requireUrl(to, "--to");
      if (toKey == null || toKey.isEmpty()) {
        throw new IOException("the key of --to is needed: set PICTRS_API_KEY or give --to-api-key");
      }
      return move(to, toKey, database);
    }
    if (path == null || path.toString().isEmpty()) {
      throw new IOException("where to is not said: give --to or --path");
    }
    Settings settings = settings(path);
    try (Application server = Application.started(settings, environment.getOrDefault("PATH", ""))) {
      return move(
          URI.create("http://127.0.0.1:" + server.address().getPort()),
          settings.get(SettingsCatalogue.API_KEY).orElseThrow(),
          database);
    }
  }

  private Optional<PostgresRepo> database() throws IOException {
    String url = repo == null ? environment.getOrDefault("PICTJ_ADOPT_REPO", "") : repo;
    return url.isEmpty()
        ? Optional.empty()
        : Optional.of(PostgresRepo.of(url, Optional.ofNullable(environment.get("PGPASSWORD"))));
  }

  private static void requireUrl(URI url, String what) throws IOException {
    if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
      throw new IOException(
          "where %s listens must be such as http://127.0.0.1:8080, and not %s"
              .formatted(what, url));
    }
  }

  private static void requireAtLeast(String option, int value, int least) throws IOException {
    if (value < least) {
      throw new IOException("%s must be at least %d, and not %d".formatted(option, least, value));
    }
  }

  /** The settings of the stopped server, but for where it listens. */
  private Settings settings(Path data) throws InvalidSettingsException, IOException {
    Map<String, String> variables = new HashMap<>(environment);
    UNUSED_SETTINGS.forEach(setting -> setting.environment().forEach(variables::remove));
    Map<String, List<String>> given = new HashMap<>();
    given.put(SettingsCatalogue.PATH.name(), List.of(data.toString()));
    given.put(SettingsCatalogue.ADDR.name(), List.of("127.0.0.1:0"));
    given.put(SettingsCatalogue.API_KEY.name(), List.of(UUID.randomUUID().toString()));
    if (config != null) {
      given.put(SettingsCatalogue.CONFIG.name(), List.of(config.toString()));
    }
    Settings settings = new SettingsLoader(given, variables).load();
    if (settings.get(SettingsCatalogue.TLS_CERTIFICATE).isPresent()) {
      throw new IOException("--config-file turns TLS on: start that server and give --to");
    }
    return settings;
  }

  private int move(URI target, String key, Optional<PostgresRepo> database)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("pictj-adopt-");
    try (BufferedReader names = aliases == null ? null : names(aliases);
        Reader table = tokens == null ? null : Files.newBufferedReader(tokens)) {
      Move.Summary summary =
          Move.run(
              new Move.Task(
                  from,
                  Optional.ofNullable(fromKey).filter(text -> !text.isEmpty()),
                  target,
                  key,
                  Optional.ofNullable(names),
                  Optional.ofNullable(table),
                  database,
                  trusted == null
                      ? Optional.empty()
                      : Optional.of(TrustedCertificates.only(trusted)),
                  report.toAbsolutePath(),
                  folder),
              new Move.Rules(
                  parallel,
                  Duration.ofSeconds(timeout),
                  retries,
                  Duration.ofSeconds(pause),
                  giveUp),
              total -> shown(Progress.of("adopt", total, err, terminal)));
      out.println(inWords(summary));
      return summary.complete() ? 0 : 1;
    } finally {
      TempFolder.remove(folder);
    }
  }

  private static BufferedReader names(String file) throws IOException {
    return file.equals("-")
        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
        : Files.newBufferedReader(Path.of(file));
  }

  private static Move.Progress shown(Progress progress) {
    return new Move.Progress() {
      @Override
      public void accept(long count) {
        progress.accept(count);
      }

      @Override
      public void close() {
        progress.close();
      }
    };
  }

  private String inWords(Move.Summary summary) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d names: %d moved, %d were there already"
            .formatted(summary.names(), summary.moved(), summary.there()));
    append(text, summary.taken(), "%d belong to other pictures there");
    append(text, summary.missing(), "%d are not on the old server");
    append(text, summary.deleted(), "%d were deleted there");
    append(text, summary.failed(), "%d failed");
    if (summary.newTokens() > 0) {
      text.append(
          "%n%d have a new delete token, which the report tells".formatted(summary.newTokens()));
    }
    if (summary.odd() > 0) {
      text.append(
          "%n%d were taken over although there is something to be said of them"
              .formatted(summary.odd()));
    }
    return text.append("%nreport: %s".formatted(report)).toString();
  }

  private static void append(StringBuilder text, long count, String words) {
    if (count > 0) {
      text.append(", ").append(words.formatted(count));
    }
  }
}
