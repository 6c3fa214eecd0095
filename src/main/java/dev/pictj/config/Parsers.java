package dev.pictj.config;

import dev.pictj.config.Setting.ExpectedException;
import dev.pictj.config.Setting.Parser;
import dev.pictj.config.Setting.Written;
import dev.pictj.media.MediaType;
import dev.pictj.network.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Parsers of the values of settings. */
final class Parsers {
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[0-9.]+):([0-9]{1,9})");
  private static final int MAX_PORT = 65_535;
  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?<port>:[0-9]{1,5})?");
  private static final Pattern PRESET =
      Pattern.compile("(?<name>[A-Za-z0-9_-]{1,64})=(?<operations>.+)");
  private static final Pattern SIGNING_KEY =
      Pattern.compile("(?<id>[A-Za-z0-9_-]{1,64}):(?<secret>[!-~]{32,})");
  private static final Pattern AGE =
      Pattern.compile("(?<number>[0-9]{1,9})(?<unit>|m|minute|h|hour|d|day|y|year)");
  private static final Duration MAX_AGE = Duration.ofDays(36_500);
  private static final Set<String> LEVELS =
      Set.of("trace", "debug", "info", "warn", "error", "off");

  private Parsers() {}

  static boolean truth(Written written) throws ExpectedException {
    return switch (written.text().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new ExpectedException("true or false");
    };
  }

  /** A whole number between two bounds, both included. */
  static long whole(String text, long min, long max) throws ExpectedException {
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as one out of bounds is.
    }
    throw new ExpectedException("a whole number from %d to %d".formatted(min, max));
  }

  /** Days, or a number with its unit as pict-rs writes it. At most a hundred years. */
  static Duration age(Written written) throws ExpectedException {
    Matcher matcher = AGE.matcher(written.text().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      Duration unit =
          switch (matcher.group("unit")) {
            case "m", "minute" -> Duration.ofMinutes(1);
            case "h", "hour" -> Duration.ofHours(1);
            case "y", "year" -> Duration.ofDays(365);
            default -> Duration.ofDays(1);
          };
      Duration age = unit.multipliedBy(Long.parseLong(matcher.group("number")));
      if (age.isPositive() && age.compareTo(MAX_AGE) <= 0) {
        return age;
      }
    }
    throw new ExpectedException(
        "a whole number of days from 1 to %d, or a number with m, h, d or y behind it, such as 12h"
            .formatted(MAX_AGE.toDays()));
  }

  /** Parses an {@link #age}, or 0. */
  static Duration ageOrNone(Written written) throws ExpectedException {
    return written.text().equals("0") ? Duration.ZERO : age(written);
  }

  /** A parser of an optional value: empty where nothing is written. */
  static <T> Parser<Optional<T>> optional(Parser<T> parser) {
    return written ->
        written.text().isEmpty() ? Optional.empty() : Optional.of(parser.parse(written));
  }

  /** A parser of a list, each value by another parser. */
  static <E> Parser<List<E>> list(Parser<E> element) {
    return written -> {
      List<E> values = new ArrayList<>();
      for (String one : written.texts()) {
        values.add(element.parse(written.withTexts(List.of(one))));
      }
      return List.copyOf(values);
    };
  }

  /** One of an enum's constants, as they call themselves, in lower case. */
  static <E extends Enum<E>> Parser<E> oneOf(E[] values) {
    return written -> {
      for (E value : values) {
        if (word(value).equals(written.text())) {
          return value;
        }
      }
      throw new ExpectedException(
          Stream.of(values).map(Parsers::word).collect(Collectors.joining(", ", "one of ", "")));
    };
  }

  static String word(Enum<?> value) {
    return value.toString().toLowerCase(Locale.ROOT);
  }

  static InetSocketAddress address(Written written) throws ExpectedException {
    Matcher matcher = ADDRESS.matcher(written.text());
    try {
      if (matcher.matches()) {
        InetAddress address = InetAddress.ofLiteral(matcher.group(1));
        int port = Integer.parseInt(matcher.group(2));
        if (port > MAX_PORT) {
          throw new ExpectedException(
              "an address and a port from 0 to %d, not %d".formatted(MAX_PORT, port));
        }
        return new InetSocketAddress(address, port);
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw new ExpectedException(
        "an address and a port such as 0.0.0.0:8080 or [::]:8080, not a host name");
  }

  static Path path(Written written) throws ExpectedException {
    try {
      if (!written.text().isEmpty()) {
        return Path.of(written.text()).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException _) {
      // Told below.
    }
    throw new ExpectedException("a path");
  }

  static String formats() {
    return stills().map(MediaType::extension).collect(Collectors.joining(", "));
  }

  private static Stream<MediaType> stills() {
    return MediaType.all(MediaType.Trait.PRODUCED)
        .filter(type -> !type.has(MediaType.Trait.MOVING));
  }

  static MediaType format(Written written) throws ExpectedException {
    return stills()
        .filter(type -> type.extension().equals(written.text()))
        .findFirst()
        .orElseThrow(
            () ->
                // The words of pict-rs, which scripts may look for.
                new ExpectedException(
                    "one of %s (Invalid format supplied, %s)"
                        .formatted(formats(), written.text())));
  }

  static String animationFormats() {
    return animations().map(MediaType::extension).collect(Collectors.joining(", "));
  }

  private static Stream<MediaType> animations() {
    return MediaType.all(MediaType.Trait.PRODUCED)
        .filter(type -> type.has(MediaType.Trait.ANIMATION));
  }

  static MediaType animationFormat(Written written) throws ExpectedException {
    return animations()
        .filter(type -> type.extension().equals(written.text()))
        .findFirst()
        .orElseThrow(() -> new ExpectedException("one of " + animationFormats()));
  }

  static String autoFormats() {
    return extensions(stills().filter(type -> !type.has(MediaType.Trait.EVERYWHERE)));
  }

  static MediaType autoFormat(Written written) throws ExpectedException {
    return oneOf(written, stills().filter(type -> !type.has(MediaType.Trait.EVERYWHERE)));
  }

  static String autoAnimationFormats() {
    return extensions(animations().filter(type -> !type.has(MediaType.Trait.EVERYWHERE)));
  }

  static MediaType autoAnimationFormat(Written written) throws ExpectedException {
    return oneOf(written, animations().filter(type -> !type.has(MediaType.Trait.EVERYWHERE)));
  }

  private static String extensions(Stream<MediaType> types) {
    return types.map(MediaType::extension).collect(Collectors.joining(", "));
  }

  private static MediaType oneOf(Written written, Stream<MediaType> types)
      throws ExpectedException {
    List<MediaType> all = types.toList();
    return all.stream()
        .filter(type -> type.extension().equals(written.text()))
        .findFirst()
        .orElseThrow(
            () ->
                new ExpectedException(
                    "some of %s, which %s is not"
                        .formatted(extensions(all.stream()), written.text())));
  }

  /** Given without a value, nothing is permitted. */
  static Optional<List<String>> whitelist(Written written) {
    List<String> names =
        written.texts().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
    return written.source().isEmpty() ? Optional.empty() : Optional.of(names);
  }

  /** A preset: a name and a query with operations, which is parsed later. */
  static Preset preset(Written written) throws ExpectedException {
    Matcher parts = PRESET.matcher(written.text());
    if (!parts.matches()) {
      throw new ExpectedException(
          "names and operations such as card=thumbnail=320&crop=16x9, which %s is not"
              .formatted(written.text()));
    }
    return new Preset(parts.group("name"), parts.group("operations"));
  }

  /** A signing key; messages about a bad one do not quote it. */
  private static SigningKey signingKey(Written written) throws ExpectedException {
    Matcher parts = SIGNING_KEY.matcher(written.text());
    if (!parts.matches()) {
      throw new ExpectedException(
          "an id of letters, digits, dashes and underscores, a colon, and a secret of at least 32"
              + " characters, as openssl rand -hex 32 makes");
    }
    return new SigningKey(parts.group("id"), parts.group("secret"));
  }

  /** Keys of different ids. */
  static List<SigningKey> signingKeys(Written written) throws ExpectedException {
    List<SigningKey> keys = list(Parsers::signingKey).parse(written);
    if (keys.stream().map(SigningKey::id).distinct().count() < keys.size()) {
      throw new ExpectedException("keys of different ids");
    }
    return keys;
  }

  static String origin(Written written) throws ExpectedException {
    String origin = written.text().toLowerCase(Locale.ROOT);
    if (origin.equals("*")) {
      return origin;
    }
    Matcher parts = ORIGIN.matcher(origin);
    if (!parts.matches()) {
      throw new ExpectedException(
          "origins such as https://example.org, without a path, or *, which %s is not"
              .formatted(written.text()));
    }
    String port = parts.group("port");
    boolean usual =
        (origin.startsWith("http:") && ":80".equals(port))
            || (origin.startsWith("https:") && ":443".equals(port));
    return usual ? origin.substring(0, parts.start("port")) : origin;
  }

  static Network network(Written written) throws ExpectedException {
    try {
      return Network.of(written.text());
    } catch (IllegalArgumentException _) {
      throw new ExpectedException(
          "addresses, or blocks such as 10.0.0.0/8 or fd00::/8, which %s is not"
              .formatted(written.text()));
    }
  }

  /** An absolute URL of http or https. */
  static URI url(Written written) throws ExpectedException {
    try {
      URI url = new URI(written.text());
      if (("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Told below, as another scheme is.
    }
    throw new ExpectedException("a URL such as http://127.0.0.1:9000/check");
  }

  static OutboundProxy proxy(Written written) throws ExpectedException {
    return OutboundProxy.parse(written.text())
        .orElseThrow(
            () ->
                new ExpectedException("like http://proxy:3128 or http://user:password@proxy:3128"));
  }

  /** The level for all, taken from directives where RUST_LOG has them. */
  static String logLevel(Written written) throws ExpectedException {
    // RUST_LOG may speak of things pictj does not have; only our own names are held to our words.
    return logLevel(written.text(), written.where().equals("RUST_LOG"));
  }

  /** The level for all, taken from directives such as {@code info,pict_rs=debug}. */
  static String logLevelOf(String directives) {
    try {
      return logLevel(directives, true);
    } catch (ExpectedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String logLevel(String directives, boolean foreign) throws ExpectedException {
    String general = "info";
    String own = null;
    for (String directive : directives.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = directive.strip().split("=", 2);
      String level = parts[parts.length - 1];
      if (!LEVELS.contains(level)) {
        if (!foreign) {
          throw new ExpectedException("one of trace, debug, info, warn, error, off");
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
