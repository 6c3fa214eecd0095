package dev.pictj;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a process: what an administrator, a service manager and a power cut see of it. */
final class JarIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The class file version of Java 17. */
  private static final int JAVA_17 = 61;

  @TempDir private Path data;

  @Test
  void helpAndVersionEndWithStatusZero() {
    try (JarProcess help = JarProcess.command("--help-all")) {
      assertThat(help.exitStatus()).isZero();
      assertThat(help.output()).contains("pictj [OPTIONS] --path <path>", "--api-key");
      assertThat(help.errors()).isEmpty();
    }
    try (JarProcess version = JarProcess.command("--version")) {
      assertThat(version.exitStatus()).isZero();
      assertThat(version.output()).matches("pictj \\d+\\.\\d+\\.\\d+\\R");
    }
  }

  /** With {@code AOTMode=on} a JVM that cannot use the cache does not start at all. */
  @Test
  void aRehearsalMakesACacheAndUnpacksALibraryThatStartsUse() throws IOException {
    Rehearsal rehearsal = Rehearsal.done();
    Path libraries = rehearsal.libraries();
    Path cache = rehearsal.cache();
    assertThat(rehearsal.status()).as(rehearsal.output()).isZero();
    assertThat(rehearsal.output())
        .contains("\"POST /image\" 201", "process.webp", " 206 ", " 304 ", " 404 ")
        .doesNotContain("\" 500 ", "\" 503 ");
    assertThat(rehearsal.temporary()).isEmptyDirectory();
    assertThat(libraries).isDirectoryContaining("glob:**/librocksdbjni.so");
    try (JarProcess version =
        JarProcess.withJvm(List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on"), "--version")) {
      assertThat(version.exitStatus()).as(version.errors() + version.output()).isZero();
      assertThat(version.output()).startsWith("pictj ").doesNotContain("[aot]");
    }
    // Classes out of the cache do not know where they come from, and the worker is told.
    try (JarProcess server =
        JarProcess.server(
            List.of(), Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on"), data.resolve("data"))) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(server.output()).contains("engine: libvips ", " of its own"));
      assertThat(mapped(server.pid())).contains(libraries.resolve("librocksdbjni.so").toString());
    }
  }

  /** Else it is known only when the server listens already. */
  @Test
  void aToolThatDoesNotWorkInARequiredSandboxEndsTheStart() throws IOException {
    Path tools = Files.createDirectory(data.resolve("tools"));
    Path ffmpeg = tools.resolve("ffmpeg");
    // The sandbox has no /proc.
    Files.writeString(ffmpeg, "#!/bin/sh\n[ -e /proc/self ] || exit 3\necho ffmpeg version 0\n");
    assertThat(ffmpeg.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(tools.resolve("ffprobe"), ffmpeg);
    try (JarProcess process =
        JarProcess.commandWith(
            Map.of("PATH", tools + ":" + System.getenv("PATH")),
            "-p",
            data.resolve("data").toString(),
            "-a",
            "127.0.0.1:0",
            "--sandbox",
            "required")) {
      assertThat(process.exitStatus()).isEqualTo(1);
      assertThat(process.errors())
          .contains("error: the sandbox is required but incomplete: no bwrap")
          .doesNotContain("\tat ");
      assertThat(process.output()).doesNotContain("listens on");
    }
  }

  /** The files that a process has in its memory (proc(5), maps). */
  private static String mapped(long pid) throws IOException {
    return Files.readString(Path.of("/proc/%d/maps".formatted(pid)));
  }

  @Test
  void wrongOptionsEndWithStatusOneAndOneClearLine() {
    try (JarProcess process = JarProcess.command("-a", "127.0.0.1:0")) {
      assertThat(process.exitStatus()).isEqualTo(1);
      assertThat(process.errors()).contains("error: ", "--path").doesNotContain("\tat ");
    }
    try (JarProcess process = JarProcess.command("-p", data.toString(), "-f", "jpeg")) {
      assertThat(process.exitStatus()).isEqualTo(1);
      assertThat(process.errors())
          .contains("Invalid format supplied, jpeg")
          .doesNotContain("\tat ");
    }
    assertThat(data).isEmptyDirectory();
  }

  /** The search for ImageMagick has begun by then, with a temporary folder of its own. */
  @Test
  void whatCannotStartLeavesNothingInTheTemporaryFolder(@TempDir Path temporary)
      throws IOException {
    Path file = Files.createFile(data.resolve("file"));
    for (String[] arguments :
        List.of(
            new String[] {"-p", file.toString(), "-a", "127.0.0.1:0"},
            new String[] {"--adress"},
            new String[] {"check", "-p", data.resolve("none").toString()})) {
      try (JarProcess process =
          JarProcess.withJvm(List.of("-Djava.io.tmpdir=" + temporary), arguments)) {
        assertThat(process.exitStatus()).isNotZero();
        assertThat(process.errors()).startsWith("error: ").hasLineCount(1);
        assertThat(temporary).isEmptyDirectory();
      }
    }
  }

  @Test
  void aRequestUnderWayIsFinishedOnSigtermAndTheStopIsRegular() throws Exception {
    byte[] body = form(Pictures.png(60, 40));
    int half = body.length / 2;
    try (JarProcess server = JarProcess.server(data);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /image HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(US_ASCII));
      out.write(body, 0, half);
      out.flush();
      // The head must have been read, or the request would count as one that came too late.
      await().atMost(Duration.ofSeconds(10)).until(() -> temporaryFiles() > 0);

      server.terminate();
      await().atMost(Duration.ofSeconds(10)).until(() -> refusesConnections(server));
      assertThat(server.isAlive()).isTrue();
      out.write(body, half, body.length - half);
      out.flush();
      String reply = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

      assertThat(reply).startsWith("HTTP/1.1 201 ").contains("\"msg\":\"ok\"");
      assertThat(server.exitStatus()).isZero();
      assertThat(server.output()).contains("has stopped").doesNotContain("ERROR");
    }
  }

  @Test
  void aSecondProcessOnTheSameFolderGivesUpAndTheFirstWorksOn() {
    byte[] picture = Pictures.png(30, 20);
    try (JarProcess first = JarProcess.server(data)) {
      Response uploaded = upload(first, picture);
      try (JarProcess second = JarProcess.command("-p", data.toString(), "-a", "127.0.0.1:0")) {
        assertThat(second.exitStatus()).isEqualTo(1);
        assertThat(second.errors())
            .isEqualTo(
                "error: the data folder %s is in use by another running pictj (process %d);"
                        .formatted(data, first.pid())
                    + " stop that one first\n");
      }
      assertThat(original(first, alias(uploaded)).statusCode()).isEqualTo(200);
      assertThat(upload(first, Pictures.png(31, 20)).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void acknowledgedUploadsSurviveBeingKilled() {
    Map<String, byte[]> stored = new HashMap<>();
    Map<String, String> tokens = new HashMap<>();
    try (JarProcess server = JarProcess.server(data)) {
      for (int side = 20; side < 32; side++) {
        byte[] picture = side % 2 == 0 ? Pictures.png(side, 20) : Pictures.jpeg(side, 20);
        Response reply = upload(server, picture);
        stored.put(alias(reply), original(server, alias(reply)).asByteArray());
        tokens.put(alias(reply), reply.path("files[0].delete_token"));
      }
      // The last one is acknowledged, and the power goes.
      Response last = upload(server, Pictures.png(50, 50));
      server.kill();
      tokens.put(alias(last), last.path("files[0].delete_token"));
    }
    try (JarProcess server = JarProcess.server(data)) {
      stored.forEach(
          (alias, bytes) ->
              assertThat(original(server, alias).asByteArray()).as(alias).isEqualTo(bytes));
      tokens.forEach(
          (alias, token) -> {
            assertThat(original(server, alias).statusCode()).as(alias).isEqualTo(200);
            assertThat(delete(server, token, alias)).isEqualTo(204);
          });
    }
  }

  @Test
  void whatACrashLeftIsLaidAsideAfterTheNextStart() throws IOException {
    String alias;
    try (JarProcess server = JarProcess.server(data)) {
      alias = alias(upload(server, Pictures.png(30, 20)));
      server.kill();
    }
    Path junk = Files.writeString(data.resolve("tmp").resolve("upload-left-behind"), "junk");
    Path folder = Files.createDirectories(data.resolve("files").resolve("ab").resolve("cd"));
    Path unnamed = Files.write(folder.resolve("abcdEFGH12.png"), Pictures.png(9, 9));
    Files.setLastModifiedTime(unnamed, FileTime.from(Instant.now().minusSeconds(3600)));

    try (JarProcess server = JarProcess.server(data, "--sweep-interval", "1")) {
      assertThat(junk).doesNotExist();
      await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(unnamed).doesNotExist());
      try (Stream<Path> kept = Files.walk(data.resolve("lost+found"))) {
        assertThat(kept.filter(Files::isRegularFile))
            .singleElement()
            .satisfies(file -> assertThat(file).hasBinaryContent(Pictures.png(9, 9)));
      }
      assertThat(original(server, alias).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatClientsSendWrongIsOneLineEach() throws IOException {
    try (JarProcess server = JarProcess.server(data)) {
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        socket
            .getOutputStream()
            .write("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
            .startsWith("HTTP/1.1 400 ");
      }
      server.terminate();
      assertThat(server.exitStatus()).isZero();

      assertThat(server.output().lines().filter(line -> line.contains(" 400 "))).hasSize(1);
      assertThat(server.output()).doesNotContain(" WARN ");
    }
  }

  @Test
  void theJsonLogIsOneObjectALine() throws IOException {
    try (JarProcess server = JarProcess.server(data, "--log-format", "json")) {
      upload(server, Pictures.png(30, 20));
      original(server, "none\"\\.png");
      server.terminate();
      assertThat(server.exitStatus()).isZero();

      assertThat(server.output().lines().count()).isGreaterThan(4);
      for (String line : server.output().lines().toList()) {
        JsonNode object = JSON.readTree(line);
        assertThat(object.isObject()).as(line).isTrue();
        assertThat(object.hasNonNull("level")).as(line).isTrue();
        assertThat(Instant.parse(object.path("time").asText())).isNotNull();
        if (object.has("status")) {
          assertThat(object.path("status").isInt()).as(line).isTrue();
          assertThat(object.path("millis").isIntegralNumber()).as(line).isTrue();
          assertThat(object.path("aborted").isBoolean()).as(line).isTrue();
        }
      }
    }
  }

  @Test
  void secretsAreNotLoggedHoweverMuchIsLogged() {
    String key = "kept-between-us-4711";
    try (JarProcess server =
        JarProcess.server(
            Map.of("PICTRS_API_KEY", key, "PICTRS_APIKEY", key, "PICTRS__SERVER__API_KEY", key),
            data,
            "--log-level",
            "trace")) {
      Response uploaded = upload(server, Pictures.png(30, 20));
      String token = uploaded.path("files[0].delete_token");
      String query = "?alias=" + alias(uploaded);
      assertThat(internal(server, "wrong-" + key, query)).isEqualTo(401);
      assertThat(internal(server, key, query)).isEqualTo(200);
      assertThat(delete(server, token + "x", alias(uploaded))).isEqualTo(403);
      assertThat(delete(server, token, alias(uploaded))).isEqualTo(204);
      server.terminate();
      assertThat(server.exitStatus()).isZero();

      assertThat(server.output())
          .contains("GET /internal/aliases", "POST /image")
          .contains("PICTRS_APIKEY is no setting", "for there is PICTRS__SERVER__API_KEY")
          .doesNotContain(key, token);
      assertThat(server.errors()).doesNotContain(key, token);
    }
  }

  @Test
  void anOldJvmIsToldWhatIsNeeded() throws IOException {
    try (JarFile jar = new JarFile(JarProcess.jar().toFile());
        InputStream launcher = jar.getInputStream(jar.getEntry("dev/pictj/Launcher.class"));
        DataInputStream header = new DataInputStream(launcher)) {
      assertThat(header.readInt()).isEqualTo(0xCAFEBABE);
      assertThat(header.readUnsignedShort()).isZero();
      assertThat(header.readUnsignedShort()).isEqualTo(JAVA_17);
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("dev.pictj.Launcher");
    }
    Optional<Path> old = java17();
    if (old.isPresent()) {
      try (JarProcess process = JarProcess.command(old.get(), "--version")) {
        assertThat(process.exitStatus()).isEqualTo(1);
        assertThat(process.errors())
            .startsWith("pictj needs Java 25 or newer, found 17")
            .hasLineCount(1);
      }
    }
  }

  private static Optional<Path> java17() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*17*")) {
      for (Path jvm : found) {
        Path java = jvm.resolve("bin").resolve("java");
        if (Files.isExecutable(java)) {
          return Optional.of(java);
        }
      }
    }
    return Optional.empty();
  }

  private static Response upload(JarProcess server, byte[] picture) {
    Response reply =
        RestAssured.given()
            .multiPart("images[]", "a picture", picture)
            .post(server.url() + "/image");
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(201);
    return reply;
  }

  private static String alias(Response uploaded) {
    return uploaded.path("files[0].file");
  }

  private static Response original(JarProcess server, String alias) {
    return RestAssured.get(server.url() + "/image/original/{alias}", alias);
  }

  private static int delete(JarProcess server, String token, String alias) {
    return RestAssured.delete(server.url() + "/image/delete/{token}/{alias}", token, alias)
        .statusCode();
  }

  private static int internal(JarProcess server, String key, String query) {
    return RestAssured.given()
        .header("X-Api-Token", key)
        .get(server.url() + "/internal/aliases" + query)
        .statusCode();
  }

  private static byte[] form(byte[] picture) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(
        "--b\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"a\"\r\n\r\n"
            .getBytes(US_ASCII));
    form.writeBytes(picture);
    form.writeBytes("\r\n--b--\r\n".getBytes(US_ASCII));
    return form.toByteArray();
  }

  private long temporaryFiles() throws IOException {
    try (var files = Files.walk(data.resolve("tmp"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static boolean refusesConnections(JarProcess server) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), server.port()).close();
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
