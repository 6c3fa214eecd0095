package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The administrator's routes that came with pict-rs 0.5. */
class LaterInternalIT {
  @TempDir private static Path exports;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            "dialect", "0.5", "export-path", exports.toString(), "max-json-size", "1");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void empty() {
    server.purgeAll();
  }

  @Test
  void oneAliasGoesAndItsTwinStays() {
    String one = server.accepted(Pictures.png(30, 20));
    String twin = server.accepted(Pictures.png(30, 20));
    Response deleted = server.admin().post("/internal/delete?alias=" + one);
    assertThat(deleted.statusCode()).isEqualTo(200);
    assertThat(deleted.asString()).isEqualTo("{\"msg\":\"ok\"}");
    refused(server.request().get("/image/details/original/" + one), 404, "alias-not-found");
    assertThat(server.request().get("/image/original/" + twin).statusCode()).isEqualTo(200);
    refused(server.admin().post("/internal/delete?alias=" + one), 404, "alias-not-found");
    refused(server.admin().post("/internal/delete"), 400, "invalid-query");
    server.admin().post("/internal/delete?alias=" + twin);
    await().atMost(Duration.ofSeconds(5)).until(() -> server.stored().isEmpty());
  }

  @Test
  void theIdentifierIsAPathInTheStore() {
    String alias = server.accepted(Pictures.png(30, 20));
    Response reply = server.admin().get("/internal/identifier?alias=" + alias);
    assertThat(reply.statusCode()).isEqualTo(200);
    String identifier = reply.path("identifier");
    assertThat(server.stored()).anyMatch(file -> file.toString().endsWith("/" + identifier));
    refused(server.admin().get("/internal/identifier?alias=no.png"), 404, "alias-not-found");
  }

  @Test
  void hashesAreListedInPagesBothWays() {
    List<String> uploaded = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      uploaded.add(server.accepted(Pictures.png(30 + i, 20)));
    }
    Collections.reverse(uploaded);
    Response all = server.admin().get("/internal/hashes");
    assertThat(all.<List<List<String>>>path("page.hashes.aliases"))
        .containsExactlyElementsOf(uploaded.stream().map(List::of).toList());
    assertThat(all.<Integer>path("page.limit")).isEqualTo(20);
    assertThat(all.<Map<String, Object>>path("page"))
        .containsOnlyKeys("limit", "current", "hashes");
    assertThat(all.<String>path("page.hashes[0].hex")).matches("[0-9a-f]{78}").endsWith("07");
    assertThat(all.<Integer>path("page.hashes[0].details.width")).isEqualTo(34);

    List<String> forwards = new ArrayList<>();
    String slug = "";
    Response page;
    do {
      page = server.admin().get("/internal/hashes?limit=2&slug=" + slug);
      forwards.addAll(page.path("page.hashes.aliases.flatten()"));
      slug = page.path("page.next");
    } while (slug != null);
    assertThat(forwards).isEqualTo(uploaded);
    // The last page has one; the one before it begins two earlier.
    page = server.admin().get("/internal/hashes?limit=2&slug=" + page.path("page.prev"));
    assertThat(page.<List<String>>path("page.hashes.aliases.flatten()"))
        .isEqualTo(uploaded.subList(2, 4));
    page = server.admin().get("/internal/hashes?limit=2&slug=" + page.path("page.prev"));
    assertThat(page.<List<String>>path("page.hashes.aliases.flatten()"))
        .isEqualTo(uploaded.subList(0, 2));
    assertThat(page.<String>path("page.prev")).isNull();
  }

  @Test
  void hashesAreFoundByTime() {
    server.accepted(Pictures.png(30, 20));
    assertThat(hashes("timestamp=2001-01-01T00:00:00Z")).isZero();
    assertThat(hashes("timestamp=2100-01-01T00:00:00%2B01:00")).isEqualTo(1);
    assertThat(hashes("slug=AAAA")).isEqualTo(1);
    assertThat(hashes("limit=0")).isZero();
    assertThat(server.admin().get("/internal/hashes?limit=0").<String>path("page.next"))
        .isNotNull();
    for (String bad : List.of("limit=abc", "limit=-1", "timestamp=yesterday")) {
      refused(server.admin().get("/internal/hashes?" + bad), 400, "invalid-query");
    }
  }

  private int hashes(String query) {
    Response reply = server.admin().get("/internal/hashes?" + query);
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(200);
    return reply.<List<Object>>path("page.hashes").size();
  }

  @Test
  void allVariantsAreDroppedAndMadeAgain() {
    String alias = server.accepted(Pictures.png(64, 48));
    String query = "process.webp?resize=20&src=" + alias;
    assertThat(server.request().get("/image/" + query).statusCode()).isEqualTo(200);
    assertThat(server.stored()).hasSize(2);
    Response dropped = server.admin().delete("/internal/variants");
    assertThat(dropped.statusCode()).isEqualTo(204);
    await().atMost(Duration.ofSeconds(5)).until(() -> server.stored().size() == 1);
    refused(server.request().get("/image/details/" + query), 404, "alias-not-found");
    assertThat(server.request().get("/image/" + query).statusCode()).isEqualTo(200);
  }

  @Test
  void whatHasLostItsBytesIsPruned() throws Exception {
    String lost = server.accepted(Pictures.png(64, 48));
    String kept = server.accepted(Pictures.png(65, 48));
    String place = server.admin().get("/internal/identifier?alias=" + lost).path("identifier");
    Path file =
        server.stored().stream().filter(one -> one.endsWith(place)).findFirst().orElseThrow();
    Files.delete(file);
    Response begun = server.admin().post("/internal/prune_missing");
    assertThat(begun.statusCode()).isEqualTo(200);
    assertThat(begun.asString()).isEqualTo("{\"complete\":false,\"progress\":0,\"total\":2}");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> server.admin().post("/internal/prune_missing").path("complete"));
    assertThat(server.request().get("/image/original/" + lost).statusCode()).isEqualTo(404);
    assertThat(server.request().get("/image/original/" + kept).statusCode()).isEqualTo(200);
    refused(server.admin().post("/internal/prune_missing?force=1"), 400, "invalid-query");
  }

  @Test
  void anExportHoldsAllData() throws Exception {
    server.accepted(Pictures.png(64, 48));
    Instant before = Instant.now().minusSeconds(1);
    Response reply = server.admin().post("/internal/export");
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(201);
    assertThat(reply.asString()).isEqualTo("{\"msg\":\"ok\"}");
    try (var made = Files.list(exports)) {
      Path export = made.findFirst().orElseThrow();
      assertThat(Instant.parse(export.getFileName().toString())).isAfter(before);
      assertThat(export.resolve("catalog")).isDirectory();
      assertThat(export.resolve("files")).isDirectory();
    }
    try (RunningServer without = RunningServer.start("dialect", "0.5")) {
      Response unset = without.admin().post("/internal/export");
      refused(unset, 400, "invalid-request");
      assertThat((String) unset.path("msg")).contains("--export-path is not set");
    }
    Path file = Files.createFile(exports.resolve("file"));
    try (RunningServer wrong =
        RunningServer.start("dialect", "0.5", "export-path", file.resolve("below").toString())) {
      Response failed = wrong.admin().post("/internal/export");
      assertThat(failed.statusCode()).isEqualTo(400);
      assertThat((String) failed.path("msg")).contains("of --export-path cannot be made");
    }
  }

  private Response setNotFound(String type, String body) {
    return server.admin().contentType(type).body(body).post("/internal/set_not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json | {"alias": "none.png"}                 | 404 | alias-not-found
          application/json | {"proxy": "http://127.0.0.1:1/a.png"} | 400 | proxy-not-allowed
          application/json | {                                         | 400 | invalid-json
          application/json | {}                                        | 400 | invalid-json
          application/json | {"alias": 5}                            | 400 | invalid-json
          text/plain       | {"alias": "none.png"}                 | 400 | invalid-json
          """)
  void onlyAnAliasChoosesThePictureForWhatIsNotThere(
      String type, String body, int status, String code) {
    refused(setNotFound(type, body), status, code);
  }

  @Test
  void aBodyIsNotReadPastItsLimit() {
    String alias = server.accepted(Pictures.png(64, 48));
    String body = "{\"alias\":\"" + alias + "\"}";
    String largest = body + " ".repeat(1024 - body.length());
    assertThat(setNotFound("application/json", largest).statusCode()).isEqualTo(201);
    Response larger = setNotFound("application/json", largest + " ");
    refused(larger, 400, "invalid-json");
    assertThat(larger.<String>path("msg")).endsWith("larger than 1024 bytes");
  }

  @Test
  void whatIsNotThereIsShownAsThatPictureWhichNobodyKeeps() {
    String alias = server.accepted(Pictures.png(64, 48));
    Response set = setNotFound("application/json; charset=utf-8", "{\"alias\":\"" + alias + "\"}");
    assertThat(set.statusCode()).isEqualTo(201);
    byte[] picture = server.request().get("/image/original/" + alias).asByteArray();
    for (String range : List.of("", "bytes=0-9", "bytes=999999-")) {
      Response shown = server.request().header("Range", range).get("/image/original/none.png");
      assertThat(shown.statusCode()).isEqualTo(404);
      assertThat(shown.contentType()).isEqualTo("image/png");
      assertThat(shown.asByteArray()).isEqualTo(picture);
      assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
      assertThat(shown.header("ETag")).isNull();
      assertThat(shown.header("Last-Modified")).isNull();
    }
    Response conditional =
        server.request().header("If-None-Match", "*").get("/image/original?alias=none.png");
    assertThat(conditional.statusCode()).isEqualTo(404);
    assertThat(conditional.asByteArray()).isEqualTo(picture);
    Response head = server.request().head("/image/original/none.png");
    assertThat(head.statusCode()).isEqualTo(404);
    assertThat(head.header("Content-Length")).isEqualTo("0");
    Response variant = server.request().get("/image/process.webp?src=none.png&resize=44");
    assertThat(variant.statusCode()).isEqualTo(404);
    assertThat(variant.contentType()).isEqualTo("image/webp");
    assertThat(variant.header("Cache-Control")).isEqualTo("no-store");
    refused(server.request().get("/image/details/original/none.png"), 404, "alias-not-found");
    // With the picture goes what it was chosen for.
    server.admin().post("/internal/purge?alias=" + alias);
    Response bare = server.request().get("/image/original/none.png");
    assertThat(bare.statusCode()).isEqualTo(404);
    assertThat(bare.asByteArray()).isEmpty();
  }

  @Test
  void aVariantIsMadeWhileNobodyWaits() {
    String alias = server.accepted(Pictures.png(64, 48));
    String query = ".webp?resize=23&src=" + alias;
    Response begun = server.request().get("/image/process_backgrounded" + query);
    assertThat(begun.statusCode()).isEqualTo(202);
    assertThat(begun.asByteArray()).isEmpty();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> server.request().get("/image/details/process" + query).statusCode() == 200);
    assertThat(server.request().get("/image/process_backgrounded" + query).statusCode())
        .isEqualTo(202);
    Response unknown = server.request().get("/image/process_backgrounded.webp?src=none.png");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.asByteArray()).isEmpty();
    refused(
        server.request().get("/image/process_backgrounded.webp?resize=abc&src=" + alias),
        400,
        "invalid-process-path");
    refused(
        server.request().get("/image/process_backgrounded.bmp?src=" + alias),
        400,
        "invalid-file-extension");
  }

  @Test
  void aReadOnlyServerShowsWhatIsThereAndChangesNothing() throws Exception {
    RunningServer writing = RunningServer.start("dialect", "0.5");
    String alias = writing.accepted(Pictures.png(64, 48));
    String there = "?resize=20&src=" + alias;
    assertThat(writing.request().get("/image/process.webp" + there).statusCode()).isEqualTo(200);
    List<Path> before = writing.stored();
    try (RunningServer reading = writing.restarted("dialect", "0.5", "read-only", "")) {
      onlyReads(reading, alias, there);
      assertThat(reading.stored()).containsExactlyInAnyOrderElementsOf(before);
    }
  }

  private static void onlyReads(RunningServer server, String alias, String there) {
    String missing = "?resize=21&src=" + alias;
    assertThat(server.request().get("/image/original/" + alias).statusCode()).isEqualTo(200);
    assertThat(server.request().get("/image/process.webp" + there).statusCode()).isEqualTo(200);
    assertThat(server.request().get("/image/process_backgrounded.webp" + there).statusCode())
        .isEqualTo(202);
    assertThat(server.request().get("/healthz").statusCode()).isEqualTo(200);
    assertThat(server.admin().get("/internal/aliases?alias=" + alias).statusCode()).isEqualTo(200);
    for (Response reply :
        List.of(
            server.upload(Pictures.png(9, 9)),
            server.request().get("/image/download?url=http://127.0.0.1:1/a.png"),
            server.request().get("/image/process.webp" + missing),
            server.request().get("/image/process_backgrounded.webp" + missing),
            server.request().get("/image/original?proxy=http://127.0.0.1:1/a.png"),
            server.request().delete("/image/delete/abc/" + alias),
            server.request().get("/image/delete/abc/" + alias),
            server.admin().post("/internal/import"),
            server.admin().post("/internal/purge?alias=" + alias),
            server.admin().post("/internal/delete?alias=" + alias),
            server.admin().delete("/internal/variants"),
            server.admin().post("/internal/prune_missing"),
            server.admin().post("/internal/set_not_found"))) {
      refused(reply, 400, "read-only");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000000000,408,request-timeout",
    "-1,408,request-timeout",
    "soon,400,parse-deadline",
    "99999999999999999999,400,parse-deadline"
  })
  void aClientSaysUntilWhenItWaits(String deadline, int status, String code) {
    String alias = server.accepted(Pictures.png(64, 48));
    for (String path : List.of("/image/original/", "/image/details/original/")) {
      refused(
          server.request().header("X-Request-Deadline", deadline).get(path + alias), status, code);
      assertThat(
              server
                  .request()
                  .header("X-Request-Deadline", "9000000000000000000")
                  .get(path + alias)
                  .statusCode())
          .isEqualTo(200);
    }
  }
}
