package dev.pictj.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uploads in the background are claimed from the server that comes after the one that is killed,
 * and all else that was answered before it was done is done by that one.
 */
final class BackgroundCrashIT {
  private static final int UPLOADS = 12;
  private static final int VARIANTS = 20;

  @TempDir private Path data;
  @TempDir private Path scratch;

  private JarProcess start() {
    return JarProcess.server(data, "--dialect", "0.5", "--trash-interval", "1", "--api-key", "key");
  }

  private static String accepted(JarProcess server, int number) {
    Response response =
        RestAssured.given()
            .multiPart("images[]", "a.png", Pictures.png(20 + number, 20))
            .post(server.url() + "/image/backgrounded");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
    return response.path("uploads[0].upload_id");
  }

  private static Response claim(JarProcess server, String id) {
    return RestAssured.get(server.url() + "/image/backgrounded/claim?upload_id=" + id);
  }

  @Test
  void everyUploadThatWasAcceptedIsClaimedAfterKills() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int kill = 0; kill < 3; kill++) {
      try (JarProcess server = start()) {
        for (int i = 0; i < UPLOADS; i++) {
          ids.add(accepted(server, ids.size()));
        }
        server.kill();
      }
    }
    try (JarProcess server = start()) {
      for (int i = 0; i < ids.size(); i++) {
        Response claimed = claim(server, ids.get(i));
        assertThat(claimed.statusCode()).as(claimed.asString()).isEqualTo(200);
        assertThat((Integer) claimed.path("files[0].details.width")).isEqualTo(20 + i);
        String alias = claimed.path("files[0].file");
        assertThat(RestAssured.get(server.url() + "/image/original/" + alias).asByteArray())
            .isEqualTo(Pictures.png(20 + i, 20));
      }
      // A claim is no less durable than an upload.
      server.kill();
    }
    try (JarProcess server = start()) {
      for (String id : ids) {
        assertThat(claim(server, id).statusCode()).isEqualTo(400);
      }
      server.terminate();
      assertThat(server.exitStatus()).isZero();
    }
    DataFolder.tidy(data, scratch);
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }

  private static int status(JarProcess server, String path) {
    return RestAssured.get(server.url() + path).statusCode();
  }

  @Test
  void variantsAreDroppedAndMadeAsItWasAnsweredAfterAKill() throws Exception {
    String alias;
    try (JarProcess server = start()) {
      alias =
          RestAssured.given()
              .multiPart("images[]", "a.png", Pictures.png(200, 150))
              .post(server.url() + "/image")
              .path("files[0].file");
      for (int i = 0; i < VARIANTS; i++) {
        assertThat(status(server, "/image/process.png?resize=%d&src=%s".formatted(20 + i, alias)))
            .isEqualTo(200);
      }
      assertThat(
              RestAssured.given()
                  .header("X-Api-Token", "key")
                  .delete(server.url() + "/internal/variants")
                  .statusCode())
          .isEqualTo(204);
      for (int i = 0; i < VARIANTS; i++) {
        String query = "resize=%d&src=%s".formatted(60 + i, alias);
        assertThat(status(server, "/image/process_backgrounded.webp?" + query)).isEqualTo(202);
      }
      server.kill();
    }
    try (JarProcess server = start()) {
      for (int i = 0; i < VARIANTS; i++) {
        String dropped = "/image/details/process.png?resize=%d&src=%s".formatted(20 + i, alias);
        await().atMost(Duration.ofSeconds(30)).until(() -> status(server, dropped) == 404);
        String made = "/image/details/process.webp?resize=%d&src=%s".formatted(60 + i, alias);
        await().atMost(Duration.ofSeconds(30)).until(() -> status(server, made) == 200);
      }
      server.terminate();
      assertThat(server.exitStatus()).isZero();
      assertThat(server.output()).contains("variants in the background are gone on with");
    }
    DataFolder.tidy(data, scratch);
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }
}
