package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pictj.app.Application;
import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.cli.Commands;
import dev.pictj.config.SettingsLoader;
import dev.pictj.store.ContentHash;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data folders that older versions left are started on, and nothing in them is lost. Each is kept
 * in two states: after a regular stop, and copied while its server ran, which is what a kill
 * leaves.
 */
final class OldDataFoldersIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Each of these was made of the stills before the folder was put away. */
  private static final List<String> VARIANTS =
      List.of(
          "process.webp?thumbnail=256&src=",
          "process.png?crop=1x1&thumbnail=64&src=",
          "process.jpg?resize=200&blur=2&src=");

  @TempDir private Path data;
  @TempDir private Path scratch;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema-1-clean",
        "schema-1-killed",
        "schema-2-clean",
        "schema-2-killed",
        "schema-3-clean",
        "schema-3-killed",
        "schema-4-clean",
        "schema-4-killed"
      })
  void allThatWasKeptIsServedAndDeletedAndNothingIsSwept(String folder) throws Exception {
    unpack(folder);
    final JsonNode record = JSON.readTree(resource("record.json").toFile());
    final Map<String, String> before = files();
    try (Application server = serve()) {
      served(server, record);
      gone(server, record);
    }
    sound();
    // What a start does in the background, however young the files.
    DataFolder.tidy(data, scratch);
    assertThat(files()).isEqualTo(before);
    assertThat(DataFolder.faults(data, scratch)).isEmpty();

    try (Application server = serve()) {
      served(server, record);
      deleted(server, record);
      gone(server, record);
    }
    DataFolder.tidy(data, scratch);
    sound();
    try (Application server = serve()) {
      for (JsonNode kept : record.get("kept")) {
        assertThat(get(server, "original/" + alias(kept)).statusCode()).isEqualTo(404);
      }
    }
  }

  /** What an operator does first with a folder of an older version may be a look. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema-1-clean",
        "schema-1-killed",
        "schema-2-clean",
        "schema-2-killed",
        "schema-3-clean",
        "schema-3-killed",
        "schema-4-clean",
        "schema-4-killed"
      })
  void aCheckBeforeTheFirstStartFindsItSound(String folder) throws Exception {
    unpack(folder);
    sound();
  }

  private static Path resource(String name) {
    return JarProcess.baseFolder().resolve("src/test/resources/data-folders").resolve(name);
  }

  private void unpack(String folder) throws Exception {
    Process tar =
        new ProcessBuilder(
                "tar", "xzf", resource(folder + ".tar.gz").toString(), "-C", data.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
  }

  /** Without workers, for all that it is asked for is there; so it starts sooner. */
  private Application serve() throws Exception {
    return Application.started(
        new SettingsLoader(
                Map.of(
                    "path",
                    List.of(data.toString()),
                    "addr",
                    List.of("127.0.0.1:0"),
                    "engine",
                    List.of("imagemagick")),
                Map.of())
            .load(),
        System.getenv("PATH"));
  }

  private static String alias(JsonNode kept) {
    return kept.get("alias").asText();
  }

  private static Response get(Application server, String path) {
    return RestAssured.given().urlEncodingEnabled(false).get(url(server) + path);
  }

  private static String url(Application server) {
    return "http://127.0.0.1:" + server.address().getPort() + "/image/";
  }

  private static void served(Application server, JsonNode record) throws IOException {
    assertThat(record.get("kept").size()).isEqualTo(6);
    for (JsonNode kept : record.get("kept")) {
      Response original = get(server, "original/" + alias(kept));
      assertThat(original.statusCode()).as(alias(kept)).isEqualTo(200);
      assertThat(ContentHash.of(original.asByteArray())).isEqualTo(kept.get("sha256").asText());
      Response details = get(server, "details/original/" + alias(kept));
      assertThat(JSON.readTree(details.asByteArray())).isEqualTo(kept.get("details"));
      if (!alias(kept).endsWith(".mp4")) {
        for (String variant : VARIANTS) {
          assertThat(get(server, variant + alias(kept)).statusCode()).isEqualTo(200);
        }
      }
    }
  }

  private static void gone(Application server, JsonNode record) {
    assertThat(record.get("gone").size()).isEqualTo(2);
    for (JsonNode gone : record.get("gone")) {
      assertThat(get(server, "original/" + gone.asText()).statusCode()).isEqualTo(404);
    }
  }

  private static void deleted(Application server, JsonNode record) {
    for (JsonNode kept : record.get("kept")) {
      String path = url(server) + "delete/%s/" + alias(kept);
      assertThat(RestAssured.delete(path.formatted("0123456789")).statusCode()).isEqualTo(403);
      String token = kept.get("delete_token").asText();
      assertThat(RestAssured.delete(path.formatted(token)).statusCode()).isEqualTo(204);
    }
  }

  private void sound() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int status =
        new Commands(stream, stream, Map.of()).run("check", "--deep", "-p", data.toString());
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("all is well");
    assertThat(status).isZero();
  }

  /** Every stored file and its content. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String place : List.of("files", "variants")) {
      try (Stream<Path> walk = Files.walk(data.resolve(place))) {
        for (Path file : walk.filter(Files::isRegularFile).toList()) {
          files.put(data.relativize(file).toString(), ContentHash.of(file));
        }
      }
    }
    return files;
  }
}
