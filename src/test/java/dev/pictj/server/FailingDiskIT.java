package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fails for a while and works again. What fails is real, though no disk's fault: the
 * kernel lets the server make no file longer than a few bytes, so that what RocksDB appends to its
 * log fails like on a bad disk, with an error that is not a full one's.
 */
class FailingDiskIT {
  private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path data;

  @Test
  void theCatalogHealsByItselfAndNothingIsLost() throws Exception {
    Map<String, String> tokens = new LinkedHashMap<>();
    try (JarProcess server = JarProcess.server(data)) {
      for (int i = 0; i < 4; i++) {
        Response stored =
            RestAssured.given()
                .multiPart("images[]", "a", Pictures.png(20 + i, 20))
                .post(server.url() + "/image");
        assertThat(stored.statusCode()).isEqualTo(201);
        tokens.put(stored.path("files[0].file"), stored.path("files[0].delete_token"));
      }
      String first = tokens.keySet().iterator().next();
      String delete = "/image/delete/" + tokens.remove(first) + "/" + first;

      limitFiles(server, "16");
      unavailable(RestAssured.delete(server.url() + delete));
      unavailable(RestAssured.get(server.url() + "/healthz"));
      limitFiles(server, "unlimited");

      await()
          .atMost(RECOVERY_TIMEOUT)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> RestAssured.get(server.url() + "/healthz").statusCode() == 200);
      // What failed may have been done or not; now it surely is.
      assertThat(RestAssured.delete(server.url() + delete).statusCode()).isIn(204, 404);
      served(server, first, tokens);
    }
    // The server was killed, not stopped.
    try (JarProcess server = JarProcess.server(data)) {
      String first = tokens.keySet().iterator().next();
      assertThat(
              RestAssured.delete(
                      server.url() + "/image/delete/" + tokens.remove(first) + "/" + first)
                  .statusCode())
          .isEqualTo(204);
      served(server, first, tokens);
      server.terminate();
      assertThat(server.exitStatus()).isZero();
    }
    try (JarProcess check = JarProcess.command("check", "--deep", "-p", data.toString())) {
      assertThat(check.exitStatus()).as(check.output()).isZero();
    }
  }

  private static void limitFiles(JarProcess server, String bytes) throws Exception {
    Process prlimit =
        new ProcessBuilder(List.of("prlimit", "--pid", "" + server.pid(), "--fsize=" + bytes + ":"))
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(prlimit.exitValue()).isZero();
  }

  private static void unavailable(Response reply) {
    Replies.refused(reply, 503, "overloaded");
    assertThat(reply.header("Retry-After")).isNotNull();
  }

  private static void served(JarProcess server, String gone, Map<String, String> kept) {
    String original = server.url() + "/image/original/";
    assertThat(RestAssured.get(original + gone).statusCode()).isEqualTo(404);
    for (String alias : kept.keySet()) {
      assertThat(RestAssured.get(original + alias).statusCode()).as(alias).isEqualTo(200);
    }
  }
}
