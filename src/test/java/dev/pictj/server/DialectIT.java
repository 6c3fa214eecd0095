package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two lines of pict-rs side by side: what each answers, and that nothing else differs. */
class DialectIT {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final String FIVE =
      "{\"blurhash\":\"%s\",\"width\":%d,\"height\":%d,\"frames\":%s,\"content_type\":\"%s\","
          + "\"created_at\":\"%s\",\"format\":\"%s\"}";

  private static RunningServer three;
  private static RunningServer five;

  @BeforeAll
  static void start() {
    three = RunningServer.start("download-allow-private", "");
    five = RunningServer.start("dialect", "0.5", "download-allow-private", "");
  }

  @AfterAll
  static void stop() throws IOException {
    three.close();
    five.close();
  }

  /** What Lemmy 0.19.4 and later read of a reply; a field more is passed over, none may lack. */
  record LemmyReply(
      @JsonProperty(required = true) String msg,
      @JsonProperty(required = true) List<LemmyFile> files) {}

  record LemmyFile(
      @JsonProperty(required = true) String file,
      @JsonProperty(value = "delete_token", required = true) String deleteToken,
      @JsonProperty(required = true) LemmyDetails details) {}

  record LemmyDetails(
      @JsonProperty(required = true) int width,
      @JsonProperty(required = true) int height,
      @JsonProperty(value = "content_type", required = true) String contentType,
      @JsonProperty(value = "created_at", required = true) String createdAt) {
    LemmyDetails {
      assertThat(width).isBetween(0, 65_535);
      assertThat(height).isBetween(0, 65_535);
      // DateTime<Utc> of chrono: RFC 3339 with an offset.
      assertThat(OffsetDateTime.parse(createdAt).getOffset()).isEqualTo(ZoneOffset.UTC);
    }
  }

  private static LemmyFile lemmy(Response response) throws IOException {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    LemmyReply reply = JSON.readValue(response.asByteArray(), LemmyReply.class);
    assertThat(reply.msg()).isEqualTo("ok");
    return reply.files().getFirst();
  }

  private static String details(RunningServer server, String path) {
    return server.request().get("/image/details/" + path).asString();
  }

  @Test
  void lemmyReadsWhatAnUploadIsAnswered() throws Exception {
    Instant before = Instant.now().minusSeconds(1);
    LemmyFile file = lemmy(five.upload(Pictures.jpeg(32, 24)));
    assertThat(file.file()).endsWith(".jpeg");
    assertThat(file.details().width()).isEqualTo(32);
    assertThat(file.details().height()).isEqualTo(24);
    assertThat(file.details().contentType()).isEqualTo("image/jpeg");
    assertThat(Instant.parse(file.details().createdAt())).isBetween(before, Instant.now());
    assertThat(lemmy(five.upload(Pictures.jpeg(32, 24))).details()).isEqualTo(file.details());
  }

  @Test
  void downloadsAndImportsAreAnsweredInTheSameShape() throws Exception {
    byte[] picture = Pictures.png(20, 10);
    HttpServer remote =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    remote.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, picture.length);
          exchange.getResponseBody().write(picture);
          exchange.close();
        });
    remote.start();
    try {
      lemmy(
          five.request()
              .get("/image/download?url=http://127.0.0.1:" + remote.getAddress().getPort()));
    } finally {
      remote.stop(0);
    }
    lemmy(five.admin().multiPart("images[]", "mine.png", picture).post("/internal/import"));
  }

  /** Keys, their order and their values as 0.5.23 was recorded. */
  @Test
  void detailsSayWhatMovesAndWhatDoesNot() throws Exception {
    shape(five.upload(Pictures.png(20, 10)), 20, 10, "null", "image/png", "Image");
    shape(five.upload(Pictures.gif(20, 10, 3)), 20, 10, "3", "image/gif", "Animation");
    shape(five.upload(Pictures.gif(20, 10, 1)), 20, 10, "null", "image/gif", "Animation");
    shape(five.upload(Pictures.animatedWebp(20, 10, 3)), 20, 10, "3", "image/webp", "Animation");
  }

  private static void shape(
      Response response, int width, int height, String frames, String type, String format)
      throws IOException {
    LemmyFile file = lemmy(response);
    JsonNode details = JSON.readTree(response.asByteArray()).at("/files/0/details");
    String blurhash = details.path("blurhash").asText();
    assertThat(blurhash).hasSize(40);
    String expected =
        FIVE.formatted(blurhash, width, height, frames, type, file.details().createdAt(), format);
    assertThat(details(five, "original/" + file.file())).isEqualTo(expected);
    assertThat(details).isEqualTo(JSON.readTree(expected));
    assertThat(details.fieldNames())
        .toIterable()
        .containsExactly(
            "blurhash", "content_type", "created_at", "format", "frames", "height", "width");
    String query = "process.webp?src=%s&resize=8".formatted(file.file());
    assertThat(five.request().get("/image/" + query).statusCode()).isEqualTo(200);
    String variant = details(five, query);
    assertThat(JSON.readTree(variant).get("created_at").isTextual()).isTrue();
    assertThat(JSON.readTree(variant).get("blurhash").asText()).isEqualTo(blurhash);
    assertThat(JSON.readTree(variant).get("format").asText())
        .isEqualTo(frames.equals("null") || format.equals("Video") ? "Image" : format);
  }

  /** Behind what the line has, of upload, original, variant and page of hashes; 0.3 has none. */
  @Test
  void factsAreToldWhereTheyAreAskedFor() throws Exception {
    String facts =
        ".*\"thumbhash\":\"[\\w+/=]{24,40}\",\"dominant_color\":\"#[0-9a-f]{6}\","
            + "\"phash\":\"[0-9a-f]{16}\".*";
    byte[] picture = Pictures.jpeg(32, 24);
    for (String line : List.of("0.5", "0.6")) {
      try (RunningServer server = RunningServer.start("dialect", line, "facts", "")) {
        Response response = server.upload(picture);
        String alias = lemmy(response).file();
        JsonNode uploaded = JSON.readTree(response.asByteArray()).at("/files/0/details");
        String told = details(server, "original/" + alias);
        assertThat(told).matches(facts);
        assertThat(JSON.readTree(told)).containsAll(uploaded);
        String query = "process.webp?src=%s&resize=8".formatted(alias);
        assertThat(server.request().get("/image/" + query).statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(details(server, query)).get("phash"))
            .isEqualTo(uploaded.get("phash"));
        assertThat(server.admin().get("/internal/hashes").asString()).matches(facts);
      }
    }
    try (RunningServer server = RunningServer.start("facts", "")) {
      assertThat(server.upload(picture).asString()).doesNotContain("thumbhash");
    }
  }

  @Test
  void theNewestLineTellsAnUploadByBothOfItsNames() throws Exception {
    try (RunningServer six = RunningServer.start("dialect", "0.6")) {
      Response response = six.upload(Pictures.png(20, 10));
      assertThat(lemmy(response).file()).isEqualTo(response.path("files[0].alias"));
      List<Object> uploads = response.path("uploads");
      assertThat(uploads).hasSize(1).isEqualTo(response.path("files"));
    }
  }

  @Test
  void theOlderLineAnswersAsBefore() throws Exception {
    Response response = three.upload(Pictures.png(20, 10));
    String alias = Replies.alias(response);
    String numbers = "\\[\\d{4},\\d{1,3},\\d{1,5},\\d{1,9}]";
    assertThat(response.asString())
        .matches(
            "\\{\"files\":\\[\\{\"delete_token\":\"\\w+\",\"details\":\\{\"content_type\":"
                + "\"image/png\",\"created_at\":"
                + numbers
                + ",\"height\":10,\"width\":20},\"file\":\"\\w+\\.png\"}],\"msg\":\"ok\"}");
    assertThat(details(three, "original/" + alias))
        .matches(
            "\\{\"width\":20,\"height\":10,\"content_type\":\"image/png\",\"created_at\":"
                + numbers
                + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void deletingTwiceSucceedsInTheNewerLineOnly(String method) {
    for (RunningServer server : List.of(three, five)) {
      Response response = server.upload(Pictures.png(21, 10));
      String alias = Replies.alias(response);
      String path = "/image/delete/" + response.path("files[0].delete_token") + "/" + alias;
      refused(
          server.request().request(method, "/image/delete/wrong/" + alias),
          403,
          "invalid-delete-token");
      assertThat(server.request().request(method, path).statusCode()).isEqualTo(204);
      Response again = server.request().request(method, path);
      Response never = server.request().request(method, "/image/delete/a/never.png");
      if (server == five) {
        assertThat(again.statusCode()).isEqualTo(204);
        assertThat(again.asByteArray()).isEmpty();
        assertThat(never.statusCode()).isEqualTo(204);
      } else {
        refused(again, 404, "alias-not-found");
        refused(never, 404, "alias-not-found");
      }
      refused(server.request().get("/image/details/original/" + alias), 404, "alias-not-found");
    }
  }

  @Test
  void importsThatNobodyLooksIntoHaveABlurhash() throws Exception {
    try (RunningServer server =
        RunningServer.start("dialect", "0.5", "skip-validate-imports", "")) {
      Response reply =
          server
              .admin()
              .multiPart("images[]", "mine.png", Pictures.png(38, 21))
              .post("/internal/import");
      assertThat((String) reply.path("files[0].details.blurhash"))
          .as(reply.asString())
          .isNotEmpty();
    }
  }

  @Test
  void aBlurhashIsToldInEveryLine() throws Exception {
    for (RunningServer server : List.of(three, five)) {
      byte[] mp4 = Pictures.mp4(32, 24, 3);
      for (byte[] picture : List.of(Pictures.jpeg(32, 24), Pictures.gif(32, 24, 3), mp4)) {
        Response reply =
            server.request().get("/image/blurhash?alias=" + Replies.alias(server.upload(picture)));
        assertThat(reply.asString()).matches("\\{\"blurhash\":\".{28}\",\"msg\":\"ok\"}");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-cache");
      }
      refused(server.request().get("/image/blurhash?alias=nope.png"), 404, "alias-not-found");
      refused(server.request().get("/image/blurhash"), 400, "invalid-query");
    }
  }
}
