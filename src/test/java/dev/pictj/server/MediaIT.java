package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Version;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaIT {
  private static RunningServer server;
  private static String url;
  private static byte[] whole;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    url = "/image/original/" + server.accepted(Pictures.jpeg(200, 150));
    whole = server.request().get(url).asByteArray();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void originalCarriesEverythingABrowserNeeds() {
    Response response = server.request().get(url);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.contentType()).isEqualTo("image/jpeg");
    assertThat(response.header("Content-Length")).isEqualTo("" + whole.length);
    assertThat(response.header("Cache-Control")).isEqualTo("public, max-age=604800, immutable");
    assertThat(response.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(response.header("ETag")).matches("\"[0-9a-f]{32}\"");
    assertThat(response.header("Last-Modified")).endsWith("GMT");
    assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(response.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(response.header("X-Request-Id")).hasSize(36);
    assertThat(response.header("Content-Encoding")).isNull();
    assertThat(response.header("Set-Cookie")).isNull();

    Response head = server.request().head(url);
    assertThat(head.statusCode()).isEqualTo(200);
    for (String name : new String[] {"Content-Length", "Content-Type", "ETag", "Last-Modified"}) {
      assertThat(head.header(name)).isEqualTo(response.header(name));
    }
    assertThat(head.asByteArray()).isEmpty();
    assertThat(server.request().header("Range", "bytes=0-1").head(url).statusCode()).isEqualTo(200);
  }

  @Test
  void whatTheClientHasIsNotSentAgain() {
    Response first = server.request().get(url);
    Response byTag = server.request().header("If-None-Match", first.header("ETag")).get(url);
    assertThat(byTag.statusCode()).isEqualTo(304);
    assertThat(byTag.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(byTag.header("Cache-Control")).isEqualTo(first.header("Cache-Control"));
    assertThat(byTag.asByteArray()).isEmpty();
    Response byDate =
        server.request().header("If-Modified-Since", first.header("Last-Modified")).get(url);
    assertThat(byDate.statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0",
    "bytes=0-1,0,1",
    "bytes=5-,5,",
    "bytes=-7,-7,",
    "bytes=0-1048575,0,"
  })
  void oneRangeIsServed(String range, int from, Integer to) {
    int first = from < 0 ? whole.length + from : from;
    int last = to == null ? whole.length - 1 : to;
    Response response = server.request().header("Range", range).get(url);
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.header("Content-Range"))
        .isEqualTo("bytes %d-%d/%d".formatted(first, last, whole.length));
    assertThat(response.header("Content-Length")).isEqualTo("" + (last - first + 1));
    assertThat(response.asByteArray()).isEqualTo(Arrays.copyOfRange(whole, first, last + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=99999999-", "bytes=0-1,3-4", "pages=1-2", "bytes=-0"})
  void otherRangesAnswer416(String range) {
    Response response = server.request().header("Range", range).get(url);
    assertThat(response.statusCode()).isEqualTo(416);
    assertThat(response.header("Content-Range")).isEqualTo("bytes */" + whole.length);
    assertThat((String) response.path("code")).isEqualTo("range-not-satisfiable");
  }

  @Test
  void malformedRangesAndStaleIfRangesGetEverything() {
    assertThat(server.request().header("Range", "bytes=x").get(url).statusCode()).isEqualTo(200);
    String tag = server.request().get(url).header("ETag");
    assertThat(
            server
                .request()
                .header("Range", "bytes=0-1")
                .header("If-Range", tag)
                .get(url)
                .statusCode())
        .isEqualTo(206);
    assertThat(
            server
                .request()
                .header("Range", "bytes=0-1")
                .header("If-Range", "\"old\"")
                .get(url)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aRangeOnAnUploadMeansNothing() {
    Response response =
        server
            .request()
            .header("Range", "bytes=0-1048575")
            .multiPart("images[]", "p", Pictures.png(6, 6))
            .post("/image");
    assertThat(response.statusCode()).isEqualTo(201);
  }

  @Test
  void aVariantMadeByTheRequestItselfHasRangesToo() {
    String alias = server.accepted(Pictures.jpeg(210, 150));
    Response response =
        server
            .request()
            .header("Range", "bytes=0-99")
            .get("/image/process.webp?src=" + alias + "&thumbnail=50");
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.asByteArray()).hasSize(100).startsWith('R', 'I', 'F', 'F');
  }

  @Test
  void detailsComeInTheirOldOrder() {
    String alias = server.accepted(Pictures.png(12, 11));
    assertThat(server.request().get("/image/details/original/" + alias).asString())
        .matches(
            "\\{\"width\":12,\"height\":11,\"content_type\":\"image/png\",\"created_at\":\\[20\\d\\d,\\d+,\\d+,\\d+]}");
  }

  @Test
  void strangeAliasesAreJustUnknown() {
    for (String alias :
        new String[] {
          "nobody.jpg", "..%2f..%2fetc%2fpasswd", "%00", "a".repeat(10_000), "%ff", "a;b"
        }) {
      Response response = server.request().get("/image/original/" + alias);
      assertThat(response.statusCode()).isBetween(400, 404);
      assertThat(response.contentType()).isEqualTo("application/json");
      assertThat((String) response.path("code")).isNotBlank();
    }
    assertThat(server.request().get("/image/original/nobody.jpg").asString())
        .isEqualTo(
            "{\"msg\":\"Requested a file that doesn't exist\",\"code\":\"alias-not-found\"}");
  }

  @Test
  void bytesLostBehindOurBackAreOurFault() throws Exception {
    String alias = server.accepted(Pictures.png(99, 98));
    String filename = server.admin().get("/internal/filename?alias=" + alias).path("filename");
    Path file =
        server.stored().stream().filter(path -> path.endsWith(filename)).findFirst().orElseThrow();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    missing(alias);
    Files.delete(file);
    missing(alias);
    Response process = server.request().get("/image/process.webp?src=" + alias);
    assertThat((String) process.path("code")).isEqualTo("missing-file");
    // A new upload of the same content brings the bytes back for everybody.
    server.accepted(Pictures.png(99, 98));
    assertThat(server.request().get("/image/original/" + alias).asByteArray()).isEqualTo(bytes);
  }

  private static void missing(String alias) {
    Response response = server.request().get("/image/original/" + alias);
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat((String) response.path("code")).isEqualTo("missing-file");
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void routesAndMethodsThatAreNotThereSaySoInJson() {
    Response unknown = server.request().get("/nowhere");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat((String) unknown.path("code")).isEqualTo("not-found");
    assertThat(server.request().get("/image/").statusCode()).isEqualTo(404);
    Response wrong = server.request().put("/image");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.header("Allow")).isEqualTo("OPTIONS, POST");
    assertThat((String) wrong.path("code")).isEqualTo("method-not-allowed");
    assertThat(server.request().head("/image/delete/a/b").statusCode()).isEqualTo(405);
    assertThat(server.request().head("/image/download?url=x").statusCode()).isEqualTo(405);
    Response options = server.request().options(url);
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(server.request().get("/healthz").statusCode()).isEqualTo(200);
    assertThat(server.request().head("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void theProgramTellsItsVersion() {
    Response told = server.request().get("/version");
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat((String) told.path("name")).isEqualTo("pictj");
    assertThat((String) told.path("version")).isEqualTo(Version.text());
  }
}
