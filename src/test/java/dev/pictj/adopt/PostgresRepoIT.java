package dev.pictj.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.cli.Commands;
import dev.pictj.clients.Postgres;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.Certificates;
import dev.pictj.server.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Delete tokens come out of a PostgreSQL that holds what pict-rs 0.5 keeps there. */
@Tag("clients")
class PostgresRepoIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String USER = Postgres.USER;
  private static final String PASSWORD = encoded(Postgres.PASSWORD);

  @TempDir private static Path certificates;

  private static Postgres postgres;
  private static Path mine;
  private static Path other;

  @TempDir private Path folder;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  /** The table as its migration V3 makes it. */
  @BeforeAll
  static void start() throws Exception {
    Certificates tls = Certificates.made(certificates, "EC");
    mine = Files.writeString(certificates.resolve("mine.pem"), tls.certificatePem());
    other =
        Files.writeString(
            certificates.resolve("other.pem"),
            Certificates.made(certificates, "EC").certificatePem());
    postgres = Postgres.start(tls);
    sql("postgres", "CREATE DATABASE \"pict-rs\"");
    sql("postgres", "CREATE DATABASE other");
    sql(
        "pict-rs",
        """
        CREATE TABLE "hashes" ("hash" TEXT PRIMARY KEY UNIQUE NOT NULL);
        CREATE TABLE "aliases" (
          "alias" TEXT PRIMARY KEY UNIQUE NOT NULL,
          "hash" TEXT NOT NULL,
          "token" TEXT NOT NULL,
          FOREIGN KEY (hash) REFERENCES hashes(hash));
        INSERT INTO hashes VALUES ('aa');
        INSERT INTO aliases VALUES ('a.png', 'aa', '1a-2b'), ('b.png', 'aa', '3c'), ('\u00e4 %41.png', 'aa', '4d');
        INSERT INTO aliases SELECT 'many-' || n, 'aa', 'token-' || n FROM generate_series(1, 25000) n;
        CREATE ROLE stranger LOGIN PASSWORD 'known'
        """);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static String url(String login, String rest) {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(login, postgres.port(), rest);
  }

  private static Connection connected(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {postgres.port()});
    source.setDatabaseName(database);
    return source.getConnection(USER, Postgres.PASSWORD);
  }

  private static void sql(String database, String text) throws SQLException {
    try (Connection connection = connected(database);
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private static Map<String, String> read(String url, String... password) throws IOException {
    Map<String, String> tokens = new HashMap<>();
    Optional<String> given = List.of(password).stream().findFirst();
    PostgresRepo.of(url, given).read(TIMEOUT, tokens::put);
    return tokens;
  }

  private static void refused(String url, String why) {
    assertThatThrownBy(() -> read(url))
        .isInstanceOf(IOException.class)
        .message()
        .startsWith(why.replace("HERE", "127.0.0.1:" + postgres.port()))
        .doesNotContain("\n", "known", Postgres.PASSWORD, PASSWORD);
  }

  @Test
  void allTokensAreRead() throws Exception {
    Map<String, String> tokens = read(url(USER + ":" + PASSWORD, "pict-rs"));
    assertThat(tokens)
        .hasSize(25_003)
        .containsEntry("a.png", "1a-2b")
        .containsEntry("\u00e4 %41.png", "4d")
        .containsEntry("many-25000", "token-25000");
    assertThat(read(url(USER, "pict-rs?sslmode=disable"), Postgres.PASSWORD)).isEqualTo(tokens);
  }

  /** A table that counts how many of its rows the server has made for who reads it. */
  @Test
  void rowsAreMadeAsTheyAreRead() throws Exception {
    sql("postgres", "CREATE DATABASE counting");
    sql(
        "counting",
        """
        CREATE SEQUENCE made;
        CREATE VIEW aliases AS
          SELECT 'many-' || n AS alias, nextval('made')::text AS token FROM generate_series(1, 25000) n
        """);
    List<Long> madeAtRow = new ArrayList<>();
    try (Connection second = connected("counting");
        Statement asked = second.createStatement()) {
      PostgresRepo.of(url(USER + ":" + PASSWORD, "counting"), Optional.empty())
          .read(
              TIMEOUT,
              (alias, _) -> {
                if (alias.endsWith("00")) {
                  madeAtRow.add(made(asked));
                }
              });
    }
    assertThat(madeAtRow).hasSize(250);
    for (int i = 0; i < madeAtRow.size(); i++) {
      long row = (i + 1) * 100L;
      assertThat(madeAtRow.get(i)).isBetween(row, row + 2_000);
    }
  }

  private static long made(Statement asked) {
    try (ResultSet rows = asked.executeQuery("SELECT last_value FROM made")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String trusting(Path certificate) {
    return "pict-rs?sslmode=verify-full&sslrootcert=" + encoded(certificate.toString());
  }

  @Test
  void itsCertificateIsTrustedWhereItIsGiven() throws Exception {
    assertThat(read(url(USER + ":" + PASSWORD, trusting(mine)))).hasSize(25_003);
  }

  @Test
  void whatDoesNotWorkIsSaidInALineWithoutThePassword() {
    String right = USER + ":" + PASSWORD;
    refused(url(USER + ":known", "pict-rs"), "PostgreSQL at HERE does not take the password of");
    refused(
        url(USER, "pict-rs"), "PostgreSQL at HERE wants a password, which --repo or PGPASSWORD");
    refused(url(right, "none"), "PostgreSQL at HERE has no database none");
    refused(
        url(right, "other"), "the database other is no repo of pict-rs 0.5: PostgreSQL at HERE");
    refused(url("stranger:known", "pict-rs"), "PostgreSQL at HERE: ERROR: permission denied");
    refused(url(right, trusting(other)), "PostgreSQL at HERE: SSL error");
  }

  @Test
  void whatItKnowsDeletesOnTheNewServer() throws Exception {
    Path table =
        Files.writeString(folder.resolve("tokens.csv"), "alias,token\nb.png,of-the-file\n");
    try (OldPictrs old = new OldPictrs(true);
        RunningServer server = RunningServer.start("dialect", "0.5")) {
      old.with(Pictures.png(16, 12), "image/png", "a.png", "b.png", "c.png");
      int status =
          new Commands(
                  new PrintStream(said, true, UTF_8),
                  new PrintStream(said, true, UTF_8),
                  Map.of(
                      "PATH",
                      System.getenv("PATH"),
                      "PICTJ_ADOPT_REPO",
                      url(USER, "pict-rs"),
                      "PGPASSWORD",
                      Postgres.PASSWORD))
              .run(
                  "adopt",
                  old.uri().toString(),
                  "--api-key",
                  OldPictrs.KEY,
                  "--to",
                  "http://127.0.0.1:" + server.port(),
                  "--to-api-key",
                  RunningServer.KEY,
                  "--tokens",
                  table.toString(),
                  "--report",
                  folder.resolve("report").toString());
      assertThat(status).as(said.toString(UTF_8)).isZero();
      assertThat(said.toString(UTF_8)).contains("1 have a new delete token");
      assertThat(folder.resolve("report")).content().doesNotContain("1a-2b", "of-the-file");
      assertThat(deleted(server, "4d", "a.png")).isNotEqualTo(204);
      assertThat(deleted(server, "1a-2b", "a.png")).isEqualTo(204);
      assertThat(deleted(server, "3c", "b.png")).isNotEqualTo(204);
      assertThat(deleted(server, "of-the-file", "b.png")).isEqualTo(204);
    }
  }

  private static int deleted(RunningServer server, String token, String alias) {
    return server.request().delete("/image/delete/" + token + "/" + alias).statusCode();
  }
}
