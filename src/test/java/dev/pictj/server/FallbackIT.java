package dev.pictj.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.adopt.OldPictrs;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked for by names that are still on the server that had them before. */
class FallbackIT {
  private static final byte[] PNG = Pictures.png(16, 12);

  private final OldPictrs old =
      new OldPictrs(true)
          .with(PNG, "image/png", "a.png", "b +%20.png")
          .withToken("a.png", "secret")
          .withToken("b +%20.png", "other");
  private RunningServer server =
      RunningServer.start(
          "fallback",
          old.uri() + "/",
          "fallback-api-key",
          OldPictrs.KEY,
          "fallback-unknown-names",
          "3",
          "max-image-width",
          "10");

  @AfterEach
  void stop() throws Exception {
    server.close();
    old.close();
  }

  private Response get(String path) {
    return server.request().get(path);
  }

  private static List<String> aliases(Response reply) {
    return reply.jsonPath().getList("aliases", String.class);
  }

  @Test
  void aNameIsTakenOverWhenItIsAskedFor() {
    Response reply = get("/image/original/a.png");
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(200);
    assertThat(reply.asByteArray()).isEqualTo(PNG);
    assertThat(reply.header("Last-Modified")).isEqualTo("Mon, 06 May 2024 07:08:09 GMT");
    assertThat(get("/image/original/a.png").asByteArray()).isEqualTo(PNG);
    assertThat(old.asked("/image/original/a.png")).isEqualTo(1);
    old.close();
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(200);
  }

  @Test
  void everyRouteTakesItOver() {
    List<String> paths =
        List.of(
            "/image/original?alias=",
            "/image/details/original/",
            "/image/details/original?alias=",
            "/image/process.png?src=",
            "/image/details/process.png?src=",
            "/image/process_backgrounded.webp?src=",
            "/image/blurhash?alias=");
    for (int i = 0; i < paths.size(); i++) {
      old.with(Pictures.png(8, 5 + i), "image/png", i + ".png");
      Response reply = get(paths.get(i) + i + ".png");
      assertThat(reply.statusCode()).as(paths.get(i) + reply.asString()).isIn(200, 202);
      assertThat(old.asked("/image/original/" + i + ".png")).isEqualTo(1);
    }
    assertThat(server.request().head("/image/original/b%20+%2520.png").statusCode()).isEqualTo(200);
    assertThat(aliases(server.admin().get("/internal/aliases?alias=a.png")))
        .containsExactlyInAnyOrder("a.png", "b +%20.png");
  }

  @Test
  void manyWhoAskAtOnceFetchItOnce() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(12)) {
      List<CompletableFuture<Response>> replies =
          server.getAll(pool, Stream.generate(() -> "/image/original/a.png").limit(12));
      for (CompletableFuture<Response> one : replies) {
        assertThat(one.join().asByteArray()).isEqualTo(PNG);
      }
    }
    assertThat(old.asked("/image/original/a.png")).isEqualTo(1);
  }

  @Test
  void whatIsNowhereIsAskedForOnceForAWhile() {
    for (int i = 0; i < 3; i++) {
      assertThat(get("/image/original/none.png").statusCode()).isEqualTo(404);
      assertThat(get("/image/process.webp?src=none.png").statusCode()).isEqualTo(404);
    }
    assertThat(old.asked("/image/original/none.png")).isEqualTo(1);
    assertThat(get("/image/original/" + "x".repeat(256)).statusCode()).isEqualTo(404);
    assertThat(get("/image/original/a%0Ab").statusCode()).isEqualTo(404);
    assertThat(old.asked).containsExactly("/image/original/none.png");
  }

  @Test
  void nobodyLeadsItElsewhere() {
    byte[] none = new byte[0];
    for (String name : List.of("..", "..%2F..%2Finternal%2Fhashes", "%2F%2Felsewhere.test%2Fx")) {
      assertThat(get("/image/original?alias=" + name).statusCode()).isEqualTo(404);
    }
    assertThat(old.asked).noneMatch(path -> path.equals("/internal/hashes"));
    old.once("/image/original/sent-on.png", 303, "0", none);
    assertThat(get("/image/original/sent-on.png").statusCode()).isEqualTo(502);
  }

  @Test
  void oneThatIsAwayIsNotTakenForOneThatHasNothing() {
    old.once("/image/original/a.png", 500, "0", "{}".getBytes(UTF_8));
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(502);
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(200);
    old.close();
    assertThat(get("/image/original/c.png").statusCode()).isEqualTo(502);
  }

  @Test
  void aTokenOfTheOldServerDeletesOnBoth() {
    assertThat(server.request().delete("/image/delete/wrong/a.png").statusCode()).isEqualTo(403);
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(200);
    assertThat(server.request().delete("/image/delete/secret/a.png").statusCode()).isEqualTo(204);
    assertThat(old.has("a.png")).isFalse();
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(404);
    assertThat(server.request().delete("/image/delete/x/none.png").statusCode()).isEqualTo(404);
    // What it does not have any more no token deletes here.
    assertThat(get("/image/original/b%20+%2520.png").statusCode()).isEqualTo(200);
    server.admin().post("/internal/purge?alias=none");
    old.once("/image/details/original/b +%20.png", 404, "0", new byte[0]);
    assertThat(server.request().delete("/image/delete/x/b%20+%2520.png").statusCode())
        .isEqualTo(403);
    assertThat(get("/image/original/b%20+%2520.png").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsDeletedHereDoesNotComeBack() {
    old.with(Pictures.png(3, 4), "image/png", "c.png");
    server
        .admin()
        .post("/internal/adopt?alias=a.png&delete_token=ours&sha256=" + "0".repeat(64) + "&size=1");
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(200);
    assertThat(server.admin().post("/internal/delete?alias=c.png").statusCode()).isEqualTo(200);
    assertThat(old.has("c.png")).isTrue();
    assertThat(get("/image/original/c.png").statusCode()).isEqualTo(404);
    Response purged = server.admin().post("/internal/purge?alias=a.png");
    assertThat(aliases(purged)).containsExactlyInAnyOrder("a.png", "b +%20.png");
    assertThat(old.has("b +%20.png")).isFalse();
    assertThat(get("/image/original/b%20+%2520.png").statusCode()).isEqualTo(404);
    server = server.restarted("fallback", old.uri().toString());
    assertThat(get("/image/original/c.png").statusCode()).isEqualTo(404);
    String adopt = "/internal/adopt?alias=c.png&sha256=" + "0".repeat(64) + "&size=1";
    assertThat((String) server.admin().post(adopt).path("outcome")).isEqualTo("deleted");
  }

  @Test
  void whatIsDeniedIsNotTakenOver() {
    old.with(Pictures.jpeg(64, 48), "image/jpeg", "denied.jpeg", "again.jpeg");
    assertThat(get("/image/original/denied.jpeg").statusCode()).isEqualTo(200);
    old.once("/internal/purge", 404, "0", new byte[0]);
    assertThat(server.admin().post("/internal/purge?deny=true&alias=denied.jpeg").statusCode())
        .isEqualTo(200);
    assertThat(old.has("again.jpeg")).isTrue();
    assertThat(get("/image/original/again.jpeg").statusCode()).isEqualTo(404);
    assertThat(get("/image/original/again.jpeg").statusCode()).isEqualTo(404);
    assertThat(old.asked("/image/original/again.jpeg")).isEqualTo(1);
  }

  @Test
  void aPurgeThatDoesNotReachTheOldServerIsNoSuccess() {
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(200);
    old.once("/internal/purge", 401, "0", new byte[0]);
    Response purged = server.admin().post("/internal/purge?alias=a.png");
    assertThat(purged.statusCode()).isEqualTo(502);
    assertThat(purged.asString()).contains("401");
    assertThat(get("/image/original/a.png").statusCode()).isEqualTo(404);
  }
}
