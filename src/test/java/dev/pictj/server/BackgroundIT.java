package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Uploads in the background: answered at once, worked on behind that, and claimed once. */
class BackgroundIT {
  private static final String CLAIM = "/image/backgrounded/claim?upload_id=";

  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start("dialect", "0.5", "max-files", "3", "sweep-interval", "1");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static List<String> accepted(RunningServer server, String query, byte[]... files) {
    RequestSpecification request = server.request();
    for (byte[] file : files) {
      request.multiPart("images[]", "a.png", file);
    }
    Response response = request.post("/image/backgrounded" + query);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
    assertThat((String) response.path("msg")).isEqualTo("ok");
    return response.path("uploads.upload_id");
  }

  @Test
  void whatIsUploadedBehindIsClaimedOnce() {
    byte[] picture = Pictures.png(33, 21);
    String id = accepted(server, "", picture).getFirst();
    Response claimed = server.request().get(CLAIM + id);
    assertThat(claimed.statusCode()).as(claimed.asString()).isEqualTo(200);
    assertThat((List<?>) claimed.path("files")).hasSize(1);
    assertThat((Integer) claimed.path("files[0].details.width")).isEqualTo(33);
    String alias = claimed.path("files[0].file");
    assertThat(server.request().get("/image/original/" + alias).asByteArray()).isEqualTo(picture);
    refused(server.request().get(CLAIM + id), 400, "already-claimed");
    // Without hyphens it is the same, and as unknown by now.
    refused(server.request().get(CLAIM + id.replace("-", "")), 400, "already-claimed");
    String path = "/image/delete/" + claimed.path("files[0].delete_token") + "/" + alias;
    assertThat(server.request().delete(path).statusCode()).isEqualTo(204);
  }

  @Test
  void eachFileHasAnIdAndAFateOfItsOwn() {
    List<String> ids =
        accepted(
            server,
            "?resize=10&max_width=60",
            Pictures.png(50, 20),
            "words".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Pictures.png(61, 20));
    assertThat(ids).hasSize(3).doesNotHaveDuplicates();
    Response small = server.request().get(CLAIM + ids.get(0));
    assertThat((Integer) small.path("files[0].details.width")).isEqualTo(10);
    Response words = server.request().get(CLAIM + ids.get(1));
    assertThat(words.statusCode()).isEqualTo(422);
    assertThat((String) words.path("msg")).isNotEmpty();
    Response wide = server.request().get(CLAIM + ids.get(2));
    assertThat(wide.statusCode()).isEqualTo(422);
    assertThat((String) wide.path("code")).isEqualTo("validate-width");
    assertThat((String) wide.path("msg")).contains("61", "60");
    refused(server.request().get(CLAIM + ids.get(2)), 400, "already-claimed");
  }

  @Test
  void whatMakesNoSenseIsToldAtOnce() {
    refused(server.request().get(CLAIM + "abc"), 400, "invalid-query");
    refused(server.request().get("/image/backgrounded/claim"), 400, "invalid-query");
    refused(
        server.request().get(CLAIM + "3b1cf4c2-2d5b-4a3b-9a39-0d6f3a0f8b11"),
        400,
        "already-claimed");
  }

  /** Which is not before it is known that this is no video. */
  @Test
  void operationsThatMakeNoSenseAreToldByTheClaim() {
    String id = accepted(server, "?rotate=9", Pictures.png(5, 5)).getFirst();
    refused(server.request().get(CLAIM + id), 422, "invalid-process-path");
  }

  /** The bytes as they came go, and those that are stored stay. */
  @Test
  void nothingButThePictureIsLeft() throws Exception {
    try (RunningServer fresh = RunningServer.start("trash-interval", "1")) {
      String id = accepted(fresh, "", Pictures.png(34, 21)).getFirst();
      fresh.request().get(CLAIM + id).then().statusCode(200);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(fresh.stored()).hasSize(1));
    }
  }

  /** Which a server makes no previews of that tells none. */
  @Test
  void whatAnotherDialectHasWorkedOnIsClaimedWithABlurhash() throws Exception {
    RunningServer older = RunningServer.start("trash-interval", "1");
    String id = accepted(older, "", Pictures.png(37, 21)).getFirst();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(older.stored())
                    .hasSize(1)
                    .noneMatch(file -> file.toString().endsWith(".bin")));
    try (RunningServer later = older.restarted("dialect", "0.6")) {
      Response claimed = later.request().get(CLAIM + id);
      assertThat((String) claimed.path("files[0].details.blurhash"))
          .as(claimed.asString())
          .isNotEmpty();
    }
  }

  @Test
  void noMoreWaitThanMayAndTheMessageNamesTheLimit() throws Exception {
    try (RunningServer narrow =
        RunningServer.start("background-uploads", "1", "max-files", "2", "dialect", "0.5")) {
      Response response =
          narrow
              .request()
              .multiPart("images[]", "a.png", Pictures.png(35, 21))
              .multiPart("images[]", "b.png", Pictures.png(36, 21))
              .post("/image/backgrounded");
      refused(response, 400, "file-upload-error");
      assertThat((String) response.path("msg")).contains("2 uploads", "limit of 1");
      assertThat(narrow.stored()).isEmpty();
      String id = accepted(narrow, "", Pictures.png(35, 21)).getFirst();
      narrow.request().get(CLAIM + id).then().statusCode(200);
    }
  }

  @Test
  void moreBytesThanMayWaitNeverFit() throws Exception {
    try (RunningServer narrow =
        RunningServer.start(
            "background-size", "1", "max-file-size", "1", "max-files", "2", "dialect", "0.5")) {
      Response response =
          narrow
              .request()
              .multiPart("images[]", "a.png", new byte[700_000])
              .multiPart("images[]", "b.png", new byte[700_000])
              .post("/image/backgrounded");
      refused(response, 413, "validate-file-size");
      assertThat((String) response.path("msg")).contains("1.3 MiB", "limit of 1 MiB");
      assertThat(response.header("Retry-After")).isNull();
      assertThat(narrow.stored()).isEmpty();
    }
  }

  private static Response uploaded(RunningServer server, String client) {
    return server
        .request()
        .header("X-Forwarded-For", client)
        .multiPart("images[]", "a.png", Pictures.png(35, 21))
        .post("/image/backgrounded");
  }

  /** The one that is worked on is held by a validator that never answers. */
  @Test
  void aClientWhoHasPlacesLeavesSomeToOthers() throws Exception {
    try (ServerSocket validator = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RunningServer narrow =
            RunningServer.start(
                "external-validation",
                "http://127.0.0.1:" + validator.getLocalPort() + "/",
                "trusted-proxies",
                "127.0.0.0/8",
                "background-uploads",
                "4",
                "dialect",
                "0.5")) {
      for (int i = 0; i < 2; i++) {
        assertThat(uploaded(narrow, "192.0.2.7").statusCode()).isEqualTo(202);
      }
      Response third = uploaded(narrow, "192.0.2.7");
      refused(third, 503, "overloaded");
      assertThat((String) third.path("msg")).contains("3 uploads of one client", "1 place");
      assertThat(third.header("Retry-After")).isNotEmpty();
      assertThat(uploaded(narrow, "192.0.2.8").statusCode()).isEqualTo(202);
      // Nothing is under way when the server is closed.
      release(validator);
    }
  }

  private static void release(ServerSocket validator) throws IOException {
    validator.close();
  }

  @Test
  void ofManyWhoClaimAtOnceOneIsGivenIt() {
    String id = accepted(server, "", Pictures.png(37, 21)).getFirst();
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> claims = Collections.nCopies(8, CLAIM + id);
      for (CompletableFuture<Response> one : server.getAll(pool, claims.stream())) {
        statuses.add(one.join().statusCode());
      }
    }
    assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 400);
  }

  @Test
  void aStopSendsAwayWhoWaitsAndTheNextServerGoesOn() throws Exception {
    RunningServer first = RunningServer.start("dialect", "0.5", "background-jobs", "1");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.addAll(accepted(first, "?blur=20", Pictures.png(600 + i, 400)));
    }
    try (RunningServer second = first.restarted("dialect", "0.5")) {
      for (int i = 0; i < ids.size(); i++) {
        Response claimed = second.request().get(CLAIM + ids.get(i));
        assertThat(claimed.statusCode()).as(claimed.asString()).isEqualTo(200);
        assertThat((Integer) claimed.path("files[0].details.width")).isEqualTo(600 + i);
      }
    }
  }
}
