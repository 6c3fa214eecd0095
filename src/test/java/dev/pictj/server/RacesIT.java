package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that meet at the same picture. */
class RacesIT {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static <T> List<T> together(List<Callable<T>> work) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(work)) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void theSamePictureFromManyIsOneFileWithManyNames() throws Exception {
    byte[] picture = Pictures.jpeg(123, 45);
    int before = server.stored().size();
    List<Callable<String>> work = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      work.add(() -> server.accepted(picture));
    }
    List<String> aliases = together(work);
    assertThat(aliases).doesNotHaveDuplicates();
    // Those that came second have put their bytes into the trash.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(server.stored()).hasSize(before + 1));
    assertThat(
            server
                .admin()
                .get("/internal/aliases?alias=" + aliases.getFirst())
                .jsonPath()
                .getList("aliases"))
        .hasSameElementsAs(aliases);
  }

  @Test
  void uploadsAndDeletesOfOneContentNeverLeaveANameWithoutBytes() throws Exception {
    byte[] picture = Pictures.png(54, 32);
    Map<String, byte[]> kept = new ConcurrentHashMap<>();
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      boolean stays = i % 10 == 9;
      work.add(
          () -> {
            Response response = server.upload(picture);
            String alias = Replies.alias(response);
            assertThat(server.request().get("/image/original/" + alias).asByteArray())
                .isEqualTo(picture);
            if (stays) {
              kept.put(alias, picture);
              return 204;
            }
            String token = response.path("files[0].delete_token");
            return server.request().delete("/image/delete/" + token + "/" + alias).statusCode();
          });
    }
    assertThat(together(work)).containsOnly(204);
    assertThat(kept).hasSize(3);
    kept.forEach(
        (alias, bytes) ->
            assertThat(server.request().get("/image/original/" + alias).asByteArray())
                .isEqualTo(bytes));
  }

  @Test
  void oneTokenDeletesOnce() throws Exception {
    Response response = server.upload(Pictures.png(65, 43));
    String path =
        "/image/delete/" + response.path("files[0].delete_token") + "/" + Replies.alias(response);
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      work.add(() -> server.request().delete(path).statusCode());
    }
    List<Integer> statuses = together(work);
    assertThat(statuses).containsOnly(204, 404);
    assertThat(statuses.stream().filter(status -> status == 204)).hasSize(1);
  }

  @Test
  void variantsMadeDuringADeleteDoNotOutliveIt() throws Exception {
    Response response = server.upload(Pictures.jpeg(400, 300));
    String alias = Replies.alias(response);
    String filename = server.admin().get("/internal/filename?alias=" + alias).path("filename");
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int side = 20 + i;
      work.add(
          () ->
              server
                  .request()
                  .get("/image/process.webp?src=" + alias + "&resize=" + side)
                  .statusCode());
    }
    work.add(
        4,
        () ->
            server
                .request()
                .delete("/image/delete/" + response.path("files[0].delete_token") + "/" + alias)
                .statusCode());
    assertThat(together(work)).allMatch(status -> status == 200 || status == 204 || status == 404);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(server.stored().stream().filter(f -> f.toString().contains(filename)))
                    .isEmpty());
  }
}
