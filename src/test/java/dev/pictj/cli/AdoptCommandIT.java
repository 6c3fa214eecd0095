package dev.pictj.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pictj.adopt.OldPictrs;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.Certificates;
import dev.pictj.server.RunningServer;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pictj adopt}, from a stand-in of pict-rs into running servers and stopped folders. */
class AdoptCommandIT {
  private static final byte[] PNG = Pictures.png(16, 12);
  private static final byte[] JPEG = Pictures.jpeg(16, 12);
  private static final byte[] GIF = Pictures.gif(16, 12, 3);
  private static final String ODD_NAME = "\u00e4 b+c%20\"x&y=#?\ud83d\ude00";

  @TempDir private Path folder;

  private final OldPictrs old = new OldPictrs(true);
  private final OldPictrs older = new OldPictrs(false);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void stop() {
    old.close();
    older.close();
  }

  private int adopt(OldPictrs from, String... options) {
    out.reset();
    err.reset();
    List<String> arguments = new ArrayList<>(List.of("adopt", from.uri().toString()));
    arguments.addAll(List.of("--report", report().toString(), "--pause", "0"));
    arguments.addAll(List.of(options));
    return new Commands(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of("PATH", System.getenv("PATH")))
        .run(arguments.toArray(String[]::new));
  }

  private int adoptInto(RunningServer server, String... options) {
    return adopt(old, into(server, options));
  }

  private static String[] into(RunningServer server, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--api-key", OldPictrs.KEY, "--to-api-key", RunningServer.KEY));
    all.addAll(List.of("--to", "http://127.0.0.1:" + server.port()));
    return all.toArray(String[]::new);
  }

  private Path report() {
    return folder.resolve("report.jsonl");
  }

  private String said() {
    return out.toString(UTF_8) + err.toString(UTF_8);
  }

  /** The last line about each name. */
  private Map<String, JsonNode> reported() throws IOException {
    Map<String, JsonNode> lines = new HashMap<>();
    for (String line : Files.readAllLines(report())) {
      JsonNode read = new ObjectMapper().readTree(line);
      lines.put(read.path("alias").asText(), read);
    }
    return lines;
  }

  private String outcome(String alias) throws IOException {
    return reported().get(alias).path("outcome").asText();
  }

  private static Response get(RunningServer server, String alias) {
    return server
        .request()
        .get("/image/original/" + URLEncoder.encode(alias, UTF_8).replace("+", "%20"));
  }

  private static void hasBytes(RunningServer server, String alias, byte[] bytes, String type) {
    Response reply = get(server, alias);
    assertThat(reply.statusCode()).as(alias).isEqualTo(200);
    assertThat(reply.asByteArray()).as(alias).isEqualTo(bytes);
    assertThat(reply.contentType()).as(alias).isEqualTo(type);
    assertThat(reply.header("Last-Modified")).isEqualTo("Mon, 06 May 2024 07:08:09 GMT");
  }

  private void fill(OldPictrs server) {
    server
        .with(PNG, "image/png", "a.png", ODD_NAME, "no-extension")
        .with(JPEG, "image/jpeg", "b.jpeg")
        .with(GIF, "image/gif", "c.gif")
        .with(Pictures.png(101, 3), "image/png", "wide.png");
  }

  @Test
  void allThatARunningServerTellsGoesIntoAnother() throws Exception {
    fill(old);
    try (RunningServer server = RunningServer.start("max-image-width", "100", "dialect", "0.5")) {
      assertThat(adoptInto(server)).as(said()).isZero();
      hasBytes(server, "a.png", PNG, "image/png");
      hasBytes(server, ODD_NAME, PNG, "image/png");
      hasBytes(server, "no-extension", PNG, "image/png");
      hasBytes(server, "b.jpeg", JPEG, "image/jpeg");
      hasBytes(server, "c.gif", GIF, "image/gif");
      hasBytes(server, "wide.png", Pictures.png(101, 3), "image/png");
      assertThat(said()).startsWith("6 names: 6 moved, 0 were there already");
      assertThat(said()).contains("6 have a new delete token").contains("1 were taken over");
      assertThat(reported().get("wide.png").path("note").asText()).contains("101");
      assertThat(Files.getPosixFilePermissions(report()))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      // Names of one picture bring its bytes once.
      assertThat(old.asked.stream().filter(path -> path.startsWith("/image/original/"))).hasSize(4);
      String token = reported().get("b.jpeg").path("delete_token").asText();
      assertThat(server.request().delete("/image/delete/" + token + "/b.jpeg").statusCode())
          .isEqualTo(204);
      // Variants come of what was taken over, too.
      assertThat(server.request().get("/image/process.webp?src=c.gif&thumbnail=8").statusCode())
          .isEqualTo(200);
      assertThat(server.request().get("/image/process.webp?src=wide.png&thumbnail=8").statusCode())
          .isIn(200, 400, 422);
    }
  }

  @Test
  void aSecondRunFetchesNothing() throws Exception {
    fill(old);
    try (RunningServer server = RunningServer.start()) {
      assertThat(adoptInto(server)).as(said()).isZero();
      List<String> lines = Files.readAllLines(report());
      old.asked.clear();
      assertThat(adoptInto(server)).as(said()).isZero();
      assertThat(said()).startsWith("6 names: 0 moved, 6 were there already");
      assertThat(old.asked).allMatch("/internal/hashes"::equals);
      assertThat(Files.readAllLines(report())).isEqualTo(lines);
      // What a crash keeps from the report is told the next time.
      String torn = String.join("\n", lines.subList(0, 5)) + "\n{\"alias\":\"wid";
      Files.writeString(report(), torn);
      assertThat(adoptInto(server)).as(said()).isZero();
      assertThat(Files.readAllLines(report())).hasSize(7);
      assertThat(Files.readAllLines(report()).getLast()).contains("\"there\"", "delete_token");
    }
  }

  @Test
  void intoAStoppedFolderWithTokens() throws Exception {
    fill(old);
    Path tokens =
        Files.writeString(
            folder.resolve("tokens.csv"),
            "local_user_id,pictrs_alias,pictrs_delete_token,published\n"
                + "1,b.jpeg,1b-2c,2024-05-06 07:08:09+00\n,c.gif,3d,\n");
    Path data = folder.resolve("data");
    assertThat(
            adopt(
                old,
                "--api-key",
                OldPictrs.KEY,
                "-p",
                data.toString(),
                "--tokens",
                tokens.toString()))
        .as(said())
        .isZero();
    assertThat(said()).contains("4 have a new delete token");
    assertThat(reported().get("b.jpeg").has("delete_token")).isFalse();
    try (RunningServer server = RunningServer.start("path", data.toString())) {
      hasBytes(server, "c.gif", GIF, "image/gif");
      assertThat(server.request().delete("/image/delete/1b-2c/b.jpeg").statusCode()).isEqualTo(204);
      assertThat(server.request().get("/image/delete/3d/c.gif").statusCode()).isEqualTo(204);
      assertThat(get(server, "c.gif").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void anOlderOneIsAskedForNamesThatSomebodyGives() throws Exception {
    fill(older);
    Path names = Files.writeString(folder.resolve("names"), "a.png\nno-extension\n\ngone.png\n");
    try (RunningServer server = RunningServer.start()) {
      assertThat(adopt(older, into(server))).isEqualTo(1);
      assertThat(said()).contains("does not tell its names").contains("--aliases");
      String[] options = into(server, "--aliases", names.toString());
      assertThat(adopt(older, options)).isEqualTo(1);
      assertThat(said()).startsWith("3 names: 2 moved, 0 were there already, 1 are not on the old");
      assertThat(outcome("gone.png")).isEqualTo("missing");
      hasBytes(server, "a.png", PNG, "image/png");
      hasBytes(server, "no-extension", PNG, "image/png");
      older.asked.clear();
      assertThat(adopt(older, options)).isEqualTo(1);
      assertThat(older.asked).containsExactly("/image/original/gone.png");
    }
  }

  @Test
  void aNameOfAnotherPictureIsLeftAloneAndSaid() throws Exception {
    fill(old);
    try (RunningServer server = RunningServer.start()) {
      server.admin().multiPart("images[]", "b.jpeg", Pictures.png(9, 9)).post("/internal/import");
      byte[] theirs = get(server, "b.jpeg").asByteArray();
      assertThat(adoptInto(server)).isEqualTo(1);
      assertThat(said()).contains("1 belong to other pictures");
      assertThat(outcome("b.jpeg")).isEqualTo("taken");
      assertThat(get(server, "b.jpeg").asByteArray()).isEqualTo(theirs);
      hasBytes(server, "a.png", PNG, "image/png");
    }
  }

  @Test
  void aBusyServerIsAskedAgainAndAFailureIsSaid() throws Exception {
    fill(old);
    byte[] none = new byte[0];
    old.once("/internal/hashes", 503, "0", none)
        .once("/image/original/a.png", 429, "0", none)
        .once("/image/original/a.png", 503, "0", none)
        .once("/image/original/b.jpeg", 500, "0", "{\"msg\":\"lost\"}".getBytes(UTF_8))
        // Broken once, and right when it is asked for again.
        .once("/image/original/c.gif", 200, "0", "torn".getBytes(UTF_8));
    try (RunningServer server = RunningServer.start()) {
      assertThat(adoptInto(server)).isEqualTo(1);
      hasBytes(server, "a.png", PNG, "image/png");
      hasBytes(server, "c.gif", GIF, "image/gif");
      assertThat(reported().get("c.gif").path("note").asText()).doesNotContain("lists");
      assertThat(outcome("b.jpeg")).isEqualTo("failed");
      assertThat(reported().get("b.jpeg").path("note").asText()).contains("500, lost");
      assertThat(adoptInto(server)).as(said()).isZero();
      hasBytes(server, "b.jpeg", JPEG, "image/jpeg");
    }
  }

  @Test
  void bytesThatNobodyCanReadGoByWhatTheOldServerSays() throws Exception {
    byte[] odd = "no picture at all".getBytes(UTF_8);
    old.with(odd, "image/png", "odd.png").with("?".getBytes(UTF_8), "image/x-odd", "odder");
    try (RunningServer server = RunningServer.start()) {
      assertThat(adoptInto(server)).isEqualTo(1);
      hasBytes(server, "odd.png", odd, "image/png");
      assertThat(reported().get("odd.png").path("note").asText()).contains("Unsupported");
      assertThat(outcome("odder")).isEqualTo("failed");
      assertThat(server.request().get("/image/process.webp?src=odd.png&thumbnail=8").statusCode())
          .isBetween(400, 499);
    }
  }

  @Test
  void aCertificateOfItsOwnIsTrustedWhereItIsGiven() throws Exception {
    fill(old);
    Certificates mine = Certificates.made(folder, "EC");
    Path certificate = Files.writeString(folder.resolve("mine.pem"), mine.certificatePem());
    Path key = Files.writeString(folder.resolve("key.pem"), mine.keyPem());
    try (RunningServer server =
        RunningServer.start("tls-certificate", certificate.toString(), "tls-key", key.toString())) {
      String[] options = {
        "--api-key",
        OldPictrs.KEY,
        "--to-api-key",
        RunningServer.KEY,
        "--give-up",
        "1",
        "--to",
        "https://127.0.0.1:" + server.port(),
        "--ca",
        certificate.toString()
      };
      assertThat(adopt(old, Arrays.copyOf(options, options.length - 2))).isEqualTo(1);
      assertThat(said()).contains("error: no TLS with https://").contains("--ca names");
      assertThat(adopt(old, options)).as(said()).isZero();
      assertThat(said()).startsWith("6 names: 6 moved");
    }
  }

  @Test
  void whatCannotGoOnIsSaid() throws Exception {
    fill(old);
    try (RunningServer server = RunningServer.start()) {
      String to = "http://127.0.0.1:" + server.port();
      assertThat(adopt(old, "--to", to, "--api-key", "no", "--to-api-key", RunningServer.KEY))
          .isEqualTo(1);
      assertThat(said()).contains("error:").contains("not its key").contains("--api-key");
      assertThat(adopt(old, "--to", to, "--api-key", OldPictrs.KEY, "--to-api-key", "no"))
          .isEqualTo(1);
      assertThat(said()).contains("not its key").contains("--to-api-key");
    }
    assertThat(adopt(old, "--api-key", OldPictrs.KEY)).isEqualTo(1);
    assertThat(said()).contains("give --to or --path");
    assertThat(
            adopt(
                old, "--api-key", OldPictrs.KEY, "--to", old.uri().toString(), "--to-api-key", "k"))
        .isEqualTo(1);
    assertThat(said()).contains("is not this pictj");
    old.close();
    assertThat(adopt(old, "-p", folder.resolve("d").toString(), "--retries", "1")).isEqualTo(1);
    assertThat(said()).contains("no server answers at " + old.uri());
  }
}
