package dev.pictj.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The PostgreSQL database of a pict-rs 0.5, which knows the delete token of each name. Neither its
 * words nor those of its exceptions have the password.
 */
public final class PostgresRepo {
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String CONNECT_TIMEOUT = "connectTimeout";
  private static final String APPLICATION_NAME = "ApplicationName";

  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<login>[^/?]*)@)?(?<hosts>[^/?@]*)(?:/(?<database>[^?]*))?"
              + "(?:\\?(?<options>.*))?");

  private static final Pattern HOST =
      Pattern.compile("(?<name>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,5}))?");

  /** Parameters of such a URL, and what the driver calls them. */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry(USER, USER),
          Map.entry(PASSWORD, PASSWORD),
          Map.entry("sslmode", "sslmode"),
          Map.entry("sslrootcert", "sslrootcert"),
          Map.entry("sslcert", "sslcert"),
          Map.entry("sslkey", "sslkey"),
          Map.entry("sslpassword", "sslpassword"),
          Map.entry("channel_binding", "channelBinding"),
          Map.entry("connect_timeout", CONNECT_TIMEOUT),
          Map.entry("application_name", APPLICATION_NAME),
          Map.entry("options", "options"));

  /** Parameters that mean nothing to a client that asks once. */
  private static final Pattern IGNORED_PARAMETERS =
      Pattern.compile(
          "keepalives.*|tcp_user_timeout|target_session_attrs|load_balance_hosts|sslnegotiation");

  /** Rows that are fetched at a time, so that no result is in memory whole. */
  private static final int ROWS_PER_FETCH = 1_000;

  private final List<HostAndPort> hosts;
  private final String database;

  /** Properties of the connection, by the driver's names. */
  private final Map<String, String> properties;

  private record HostAndPort(String name, int port) {
    @Override
    public String toString() {
      return name + ":" + port;
    }
  }

  private PostgresRepo(List<HostAndPort> hosts, String database, Map<String, String> properties) {
    this.hosts = hosts;
    this.database = database;
    this.properties = properties;
  }

  /**
   * Reads what pict-rs has as {@code repo.url}.
   *
   * @param url such as {@code postgresql://user:password@host:5432/database?sslmode=require}
   * @param password where the URL has none
   * @throws IOException when it is none, in words for the administrator that do not repeat it
   */
  public static PostgresRepo of(String url, Optional<String> password) throws IOException {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw wrong("");
    }
    Map<String, String> properties = new HashMap<>();
    properties.put(APPLICATION_NAME, "pictj adopt");
    set(properties, PASSWORD, password.orElse(""));
    String login = given(parts.group("login"));
    int colon = login.indexOf(':');
    set(properties, USER, decoded(colon < 0 ? login : login.substring(0, colon)));
    set(properties, PASSWORD, colon < 0 ? "" : decoded(login.substring(colon + 1)));
    String hosts = given(parts.group("hosts"));
    String port = "5432";
    String database = decoded(given(parts.group("database")));
    for (String option : given(parts.group("options")).split("&", -1)) {
      if (option.isEmpty()) {
        continue;
      }
      int equals = option.indexOf('=');
      String name = decoded(equals < 0 ? option : option.substring(0, equals));
      String value = equals < 0 ? "" : decoded(option.substring(equals + 1));
      String property = OPTIONS.get(name);
      if (property != null) {
        set(properties, property, value);
      } else if (name.equals("host") || name.equals("hostaddr")) {
        hosts = value;
      } else if (name.equals("port")) {
        port = value;
      } else if (name.equals("dbname")) {
        database = value;
      } else if (!IGNORED_PARAMETERS.matcher(name).matches()) {
        throw wrong(": it has a parameter that is not known");
      }
    }
    String user = properties.get(USER);
    if (user == null) {
      throw wrong(": it names no user");
    }
    return new PostgresRepo(
        addresses(hosts, port), database.isEmpty() ? user : database, properties);
  }

  private static String given(@Nullable String part) {
    return Objects.requireNonNullElse(part, "");
  }

  private static void set(Map<String, String> properties, String property, String value) {
    if (!value.isEmpty()) {
      properties.put(property, value);
    }
  }

  private static String decoded(String part) throws IOException {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException _) {
      throw wrong(": it has a % that is to be written as %25");
    }
  }

  private static List<HostAndPort> addresses(String hosts, String port) throws IOException {
    if (hosts.isEmpty()) {
      throw wrong(": it names no host");
    }
    if (hosts.startsWith("/") || hosts.startsWith("%2F") || hosts.startsWith("%2f")) {
      throw wrong(": a host is needed, and not the folder of a Unix socket");
    }
    List<HostAndPort> addresses = new ArrayList<>();
    for (String one : hosts.split(",", -1)) {
      Matcher host = HOST.matcher(one);
      if (!host.matches()) {
        throw wrong(": its host cannot be read");
      }
      String at = Objects.requireNonNullElse(host.group("port"), port);
      if (!at.matches("[0-9]{1,5}") || Integer.parseInt(at) < 1 || Integer.parseInt(at) > 65535) {
        throw wrong(": its port must be from 1 to 65535");
      }
      addresses.add(new HostAndPort(host.group("name"), Integer.parseInt(at)));
    }
    return addresses;
  }

  private static IOException wrong(String why) {
    return new IOException(
        "--repo must be as repo.url of pict-rs, postgresql://user:password@host:5432/database, with"
            + " %40 for @, %2F for / and %25 for %"
            + why);
  }

  /**
   * Reads all names with their tokens, some rows at a time.
   *
   * @param timeout of connecting, and of each answer
   * @throws IOException when it cannot, in words for the administrator
   */
  void read(Duration timeout, BiConsumer<String, String> to) throws IOException {
    String seconds = Long.toString(Math.min(timeout.toSeconds(), 1_000_000));
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(hosts.stream().map(HostAndPort::name).toArray(String[]::new));
    source.setPortNumbers(hosts.stream().mapToInt(HostAndPort::port).toArray());
    source.setDatabaseName(database);
    try {
      source.setProperty("socketTimeout", seconds);
      source.setProperty(CONNECT_TIMEOUT, seconds);
      for (Map.Entry<String, String> one : properties.entrySet()) {
        source.setProperty(one.getKey(), one.getValue());
      }
      read(source, to);
    } catch (SQLException e) {
      throw new IOException(why(e), e);
    }
  }

  private static void read(PGSimpleDataSource source, BiConsumer<String, String> to)
      throws SQLException {
    try (Connection connection = source.getConnection()) {
      // Without a transaction the driver has the server send all rows at once.
      connection.setAutoCommit(false);
      try (Statement query = connection.createStatement()) {
        query.setFetchSize(ROWS_PER_FETCH);
        try (ResultSet rows = query.executeQuery("SELECT alias, token FROM aliases")) {
          while (rows.next()) {
            to.accept(rows.getString(1), rows.getString(2));
          }
        }
      }
    }
  }

  private String why(SQLException e) {
    String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return switch (String.valueOf(e.getSQLState())) {
      case "28P01" -> "%s does not take the password of %s".formatted(this, properties.get(USER));
      case "3D000" -> "%s has no database %s".formatted(this, database);
      case "42P01", "42703" ->
          "the database %s is no repo of pict-rs 0.5: %s says %s".formatted(database, this, said);
      case "08001" -> "no PostgreSQL answers at %s: %s".formatted(where(), said);
      case "08004" ->
          properties.get(PASSWORD) == null
              ? "%s wants a password, which --repo or PGPASSWORD may have: %s".formatted(this, said)
              : "%s: %s".formatted(this, said);
      default -> "%s: %s".formatted(this, said);
    };
  }

  /** The address of the database, for messages. */
  @Override
  public String toString() {
    return "PostgreSQL at " + where();
  }

  private String where() {
    return hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
  }
}
