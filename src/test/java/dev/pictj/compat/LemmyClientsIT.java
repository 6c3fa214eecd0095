package dev.pictj.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pictj.JarProcess;
import dev.pictj.compat.LemmyStandIn.Version;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The JavaScript clients that Lemmy's user interfaces are built with, of three lines, against a
 * stand-in of their Lemmy in front of this server. They come from npm by version and integrity,
 * from the registry that npm is set up for.
 */
@Tag("clients")
class LemmyClientsIT {
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "clients.cjs");

  @TempDir private static Path clients;

  @BeforeAll
  static void install() throws Exception {
    for (String file : FILES) {
      Files.copy(
          JarProcess.baseFolder().resolve("src/test/resources/lemmy-clients").resolve(file),
          clients.resolve(file));
    }
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
  }

  @Test
  void theClientOf018() throws Exception {
    upTo019("0.18", Version.V0_18);
  }

  @Test
  void theClientOf019() throws Exception {
    upTo019("0.19", Version.V0_19);
  }

  private static void upTo019(String line, Version version) throws Exception {
    JsonNode result = result(line, version);
    assertThat(result.at("/uploaded/msg").asText()).isEqualTo("ok");
    assertThat(result.at("/uploaded/url").asText())
        .endsWith("/pictrs/image/" + result.at("/uploaded/files/0/file").asText());
    assertThat(result.get("seen").asInt()).isEqualTo(200);
    assertThat(result.get("thumbnail").asInt()).isEqualTo(200);
    assertThat(result.get("deleted").asBoolean()).isTrue();
    assertThat(result.get("gone").asInt()).isEqualTo(404);
    assertThat(result.at("/refused/msg").asText()).isNotEqualTo("ok");
    assertThat(result.at("/refused").has("url")).isFalse();
  }

  @Test
  void theClientOf1() throws Exception {
    JsonNode result = result("1.0", Version.V1_0);
    assertThat(result.at("/uploaded/state").asText()).isEqualTo("success");
    assertThat(result.at("/uploaded/data/image_url").asText())
        .endsWith("/api/v4/image/" + result.at("/uploaded/data/filename").asText());
    assertThat(result.get("seen").asInt()).isEqualTo(200);
    assertThat(result.get("thumbnail").asInt()).isEqualTo(200);
    assertThat(result.at("/avatar/state").asText()).isEqualTo("success");
    assertThat(result.get("deleted").asText()).isEqualTo("success");
    assertThat(result.get("gone").asInt()).isEqualTo(404);
    assertThat(result.at("/refused/state").asText()).isEqualTo("failed");
  }

  private static JsonNode result(String line, Version version) throws Exception {
    String dialect = version == Version.V0_18 ? "0.3" : "0.5";
    Path picture = Files.write(clients.resolve("picture.png"), Pictures.png(300, 200));
    try (RunningServer server = RunningServer.start("dialect", dialect);
        LemmyStandIn lemmy = new LemmyStandIn(version, server.port(), RunningServer.KEY)) {
      String said = run("node", "clients.cjs", line, lemmy.url(), picture.toString());
      return new JsonMapper().readTree(said);
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Path said = clients.resolve("said");
    Path errors = clients.resolve("errors");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(clients.toFile())
              .redirectOutput(said.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError(command[0] + " is missing: run script/bootstrap --clients", e);
    }
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
      return Files.readString(said);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
