package dev.pictj.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads settings: the command line beats the environment, the environment beats defaults. */
public final class SettingsLoader {
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[0-9.]+):([0-9]{1,5})");
  private static final Set<String> LEVELS =
      Set.of("trace", "debug", "info", "warn", "error", "off");
  private static final long MIB = 1024 * 1024;
  private static final long MEGAPIXEL = 1_000_000;

  private final Map<String, List<String>> options;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  /**
   * A loader.
   *
   * @param options values by long option name, as given; a switch has one empty value
   * @param environment variables by name
   */
  public SettingsLoader(Map<String, List<String>> options, Map<String, String> environment) {
    this.options = options;
    this.environment = environment;
  }

  /**
   * Checks everything.
   *
   * @throws InvalidSettingsException with one line for each setting that is wrong
   */
  public Settings load() throws InvalidSettingsException {
    Path path = path("path").orElse(null);
    if (path == null && problems.isEmpty()) {
      problems.add("--path is required (or PICTRS_PATH): the folder for pictures and catalog");
    }
    Settings.Image image = image();
    Settings settings =
        new Settings(
            path,
            tempDir(path),
            new Settings.Http(
                address(),
                text("api-key"),
                seconds("idle-timeout"),
                seconds("shutdown-timeout"),
                integer("max-header-size", 4, 1024) * 1024),
            new Settings.Uploads(
                number("max-file-size", 1, 1 << 20) * MIB,
                integer("max-files", 1, 1000),
                format(),
                isOn("skip-validate-imports"),
                integer("cpu-queue", 1, 100_000)),
            new Settings.Processing(
                whitelist(), integer("max-operations", 0, 100), integer("max-blur", 1, 1000)),
            image,
            new Settings.Engine(
                engine(),
                truth(written("isolate-engine").orElseThrow()),
                seconds("engine-idle-timeout"),
                integer("webp-effort", 0, 6),
                integer("png-level", 0, 9),
                integer("mezzanine-size", 0, 10_000),
                integer("mezzanine-quality", 85, 100)),
            tools(image),
            new Settings.Download(
                isOn("download-allow-private"),
                seconds("download-connect-timeout"),
                seconds("download-timeout"),
                integer("download-max-redirects", 0, 50),
                proxy()),
            clients(),
            new Settings.Logging(level(), isJson()),
            seconds("trash-interval"),
            number("catalog-cache", 1, 1 << 20) * MIB,
            integer("catalog-writers", 1, 1024),
            integer("catalog-entries", 0, 100_000_000),
            new Settings.BlobCache(blobCache(), integer("blob-cache-largest", 1, 1 << 20) * 1024),
            withoutEffect(),
            number("heap-slack", 0, 1 << 20) * MIB,
            number("min-free-space", 0, 1 << 30) * MIB,
            typed());
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return settings;
  }

  private Map<TypedSetting<?>, Object> typed() {
    Map<TypedSetting<?>, Object> values = new HashMap<>();
    for (TypedSetting<?> setting : SettingsCatalogue.typed()) {
      List<String> texts = texts(setting.text());
      try {
        values.put(setting, setting.parser().parse(texts));
      } catch (TypedSetting.ExpectedException e) {
        problems.add(
            "%s is %s, but must be %s"
                .formatted(
                    written(setting.text().name())
                        .map(Written::where)
                        .orElse("--" + setting.text().name()),
                    String.join(" ", texts),
                    e.getMessage()));
      }
    }
    return values;
  }

  private List<String> texts(Setting setting) {
    if (setting.isSwitch() && options.containsKey(setting.name())) {
      return List.of("true");
    }
    return setting.list() && options.containsKey(setting.name())
        ? options.get(setting.name())
        : written(setting.name()).map(Written::value).map(List::of).orElse(List.of());
  }

  private Optional<Settings.Proxy> proxy() {
    Optional<Written> written = written("download-proxy").filter(w -> !w.value().isEmpty());
    Optional<Settings.Proxy> proxy = written.flatMap(w -> ProxyUrl.parse(w.value()));
    if (written.isPresent() && proxy.isEmpty()) {
      // The value may hold a password, so it is not repeated.
      problems.add(
          written.get().where()
              + " must be like http://proxy:3128 or http://user:password@proxy:3128");
    }
    return proxy;
  }

  private Settings.Clients clients() {
    return new Settings.Clients(
        seconds("head-timeout"),
        seconds("keep-alive-timeout"),
        integer("min-upload-rate", 0, 1 << 30),
        seconds("upload-grace"),
        integer("max-connections", 1, 1_000_000),
        spoolLimit());
  }

  /** The heap has to hold other things too, whatever an administrator gives it. */
  private long blobCache() {
    long heap = Runtime.getRuntime().maxMemory();
    return raw("blob-cache").isEmpty()
        ? Math.min(32 * MIB, heap / 8)
        : number("blob-cache", 0, heap / 2 / MIB) * MIB;
  }

  /** What is given and means nothing any more, as it is written. */
  private List<String> withoutEffect() {
    List<String> given = new ArrayList<>();
    for (Setting setting : SettingsCatalogue.withoutEffect()) {
      if (options.containsKey(setting.name())) {
        given.add("--" + setting.name());
      }
      setting.environment().stream().filter(environment::containsKey).forEach(given::add);
    }
    return given;
  }

  /** A file of the largest size must fit, or none of that size could ever be uploaded. */
  private long spoolLimit() {
    long file = number("max-file-size", 1, 1 << 20);
    if (raw("spool-limit").isEmpty()) {
      return Math.max(4096, 2 * file) * MIB;
    }
    // The form around a file is counted too.
    return number("spool-limit", file + 1, 1 << 30) * MIB;
  }

  private Settings.Image image() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Settings.Image(
        integer("max-image-width", 1, 65_535),
        integer("max-image-height", 1, 65_535),
        number("max-image-area", 1, 4_294_836_225L),
        integer("max-image-frames", 1, 1_000_000),
        seconds("image-timeout"),
        seconds("video-timeout"),
        number("image-memory", 1, 1 << 20) * MIB,
        number("image-map", 1, 1 << 20) * MIB,
        number("image-disk", 1, 1 << 20) * MIB,
        integer("image-threads", 1, 256),
        raw("image-jobs").isEmpty() ? cores + 1 : integer("image-jobs", 1, 1024),
        number("image-budget", 1, 1 << 20) * MIB,
        number("image-small-cost", 0, 1 << 20) * MEGAPIXEL,
        integer("image-queue", 0, 100_000),
        number("image-queue-cost", 0, 1 << 20) * MEGAPIXEL,
        seconds("image-queue-timeout"));
  }

  private Settings.Tools tools(Settings.Image image) {
    return new Settings.Tools(
        sandbox(),
        optionalMebibytes("image-address-space"),
        number("video-memory", 1, 1 << 20) * MIB,
        optionalMebibytes("tool-temp-size").orElse(image.map() + image.disk()),
        number("tool-output-size", 1, 1 << 20) * MIB);
  }

  private Optional<Long> optionalMebibytes(String name) {
    return raw(name).map(_ -> number(name, 1, 1 << 20) * MIB);
  }

  private Settings.SandboxMode sandbox() {
    return oneOf(
        "sandbox",
        Settings.SandboxMode.AUTO,
        Settings.SandboxMode.values(),
        "auto, required or off");
  }

  private Settings.EngineChoice engine() {
    return oneOf(
        "engine",
        Settings.EngineChoice.AUTO,
        Settings.EngineChoice.values(),
        "auto, imagemagick or libvips");
  }

  private <T extends Enum<T>> T oneOf(String name, T fallback, T[] values, String expected) {
    Written written = written(name).orElseThrow();
    for (T value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(written.value())) {
        return value;
      }
    }
    problem(written, expected);
    return fallback;
  }

  private static Setting setting(String name) {
    return SettingsCatalogue.all().stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A value as written, with where it was written for messages. */
  private record Written(String value, String where) {}

  private Optional<Written> written(String name) {
    List<String> given = options.get(name);
    if (given != null && !given.isEmpty()) {
      return Optional.of(new Written(given.getLast(), "--" + name));
    }
    Setting setting = setting(name);
    for (String variable : setting.environment()) {
      String value = environment.get(variable);
      if (value != null && !value.isEmpty()) {
        return Optional.of(new Written(value, variable));
      }
    }
    return setting.fallback().isEmpty()
        ? Optional.empty()
        : Optional.of(new Written(setting.fallback(), "--" + name));
  }

  private Optional<String> raw(String name) {
    return written(name).map(Written::value);
  }

  private Optional<String> text(String name) {
    return raw(name).filter(value -> !value.isEmpty());
  }

  private void problem(Written written, String expected) {
    String line = "%s is %s, but must be %s".formatted(written.where(), written.value(), expected);
    if (!problems.contains(line)) {
      problems.add(line);
    }
  }

  private long number(String name, long min, long max) {
    Written written = written(name).orElseThrow();
    try {
      long number = Long.parseLong(written.value());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as one out of bounds is.
    }
    problem(written, "a whole number from %d to %d".formatted(min, max));
    return min;
  }

  private int integer(String name, int min, int max) {
    return (int) number(name, min, max);
  }

  private Duration seconds(String name) {
    return Duration.ofSeconds(number(name, 1, 86_400));
  }

  private boolean isOn(String name) {
    return options.containsKey(name) || truth(written(name).orElseThrow());
  }

  private boolean truth(Written written) {
    return switch (written.value().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> {
        problem(written, "true or false");
        yield false;
      }
    };
  }

  private Optional<Path> path(String name) {
    Optional<Written> written = written(name);
    if (written.isEmpty() || written.get().value().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(written.get().value()).toAbsolutePath().normalize());
    } catch (InvalidPathException _) {
      problem(written.get(), "a path");
      return Optional.empty();
    }
  }

  /** A folder of our own even where others put their files too: it is emptied at every start. */
  private Path tempDir(Path data) {
    if (data == null) {
      return null;
    }
    return path("temp-dir")
        .map(dir -> dir.resolve("pictj-" + Integer.toHexString(data.toString().hashCode())))
        .orElse(data.resolve("tmp"));
  }

  private InetSocketAddress address() {
    Written written = written("addr").orElseThrow();
    Matcher matcher = ADDRESS.matcher(written.value());
    if (matcher.matches()) {
      int port = Integer.parseInt(matcher.group(2));
      try {
        // The pattern lets only literals through, so this asks no name server.
        InetAddress host = InetAddress.getByName(matcher.group(1));
        if (port <= 65_535) {
          return new InetSocketAddress(host, port);
        }
      } catch (UnknownHostException _) {
        // Told below.
      }
    }
    problem(written, "an address and a port such as 0.0.0.0:8080 or [::]:8080, not a host name");
    return new InetSocketAddress(0);
  }

  private Optional<String> format() {
    Optional<Written> written = written("format").filter(found -> !found.value().isEmpty());
    if (written.isPresent() && !Set.of("jpg", "png", "webp").contains(written.get().value())) {
      problems.add(
          "Invalid format supplied, %s (%s): must be jpg, png or webp"
              .formatted(written.get().value(), written.get().where()));
      return Optional.empty();
    }
    return written.map(Written::value);
  }

  /** Given without a value, nothing is permitted; a variable that is empty counts as not set. */
  private Optional<List<String>> whitelist() {
    List<String> given = options.get("whitelist");
    if (given == null) {
      Optional<String> value = raw("whitelist");
      if (value.isEmpty()) {
        return Optional.empty();
      }
      given = List.of(value.get());
    }
    List<String> names =
        given.stream()
            .flatMap(value -> Arrays.stream(value.split("[,\\s]+", -1)))
            .filter(name -> !name.isEmpty())
            .map(name -> name.toLowerCase(Locale.ROOT))
            .distinct()
            .toList();
    return Optional.of(names);
  }

  private boolean isJson() {
    Written written = written("log-format").orElseThrow();
    if (!Set.of("plain", "json").contains(written.value())) {
      problem(written, "plain or json");
    }
    return written.value().equals("json");
  }

  /**
   * The level for all, taken from directives such as {@code info,pict_rs=debug} as RUST_LOG has
   * them.
   */
  private String level() {
    Written written = written("log-level").orElseThrow();
    String general = "info";
    String own = null;
    for (String directive : written.value().toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = directive.strip().split("=", 2);
      String level = parts[parts.length - 1];
      if (!LEVELS.contains(level)) {
        // RUST_LOG may speak of things pictj does not have; only our own option is held to its
        // words.
        if (!written.where().equals("RUST_LOG")) {
          problem(written, "one of trace, debug, info, warn, error, off");
        }
      } else if (parts.length == 1) {
        general = level;
      } else if (parts[0].equals("pict_rs") || parts[0].equals("pictj")) {
        own = level;
      }
    }
    return own == null ? general : own;
  }
}
