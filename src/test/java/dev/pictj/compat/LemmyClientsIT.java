package dev.pictj.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pictj.NodeScripts;
import dev.pictj.compat.LemmyStandIn.Version;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The JavaScript clients that Lemmy's user interfaces are built with, of three lines, against a
 * stand-in of their Lemmy in front of this server.
 */
@Tag("clients")
class LemmyClientsIT {
  @TempDir private static Path folder;
  private static NodeScripts clients;

  @BeforeAll
  static void install() throws Exception {
    clients = NodeScripts.install("lemmy-clients", folder);
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
    Path picture = Files.write(folder.resolve("picture.png"), Pictures.png(300, 200));
    try (RunningServer server = RunningServer.start("dialect", dialect);
        LemmyStandIn lemmy = new LemmyStandIn(version, server.port(), RunningServer.KEY)) {
      String said = clients.run("clients.cjs", line, lemmy.url(), picture.toString());
      return new JsonMapper().readTree(said);
    }
  }
}
