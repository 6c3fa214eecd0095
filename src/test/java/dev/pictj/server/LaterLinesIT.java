package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reading is answered in the three dialects, as pict-rs 0.5.23 was recorded. */
class LaterLinesIT {
  private static RunningServer three;
  private static RunningServer five;
  private static RunningServer six;
  private static String ofThree;
  private static String ofFive;
  private static String ofSix;

  @BeforeAll
  static void start() {
    three = RunningServer.start();
    five = RunningServer.start("dialect", "0.5");
    six = RunningServer.start("dialect", "0.6");
    byte[] picture = Pictures.png(64, 48);
    ofThree = three.accepted(picture);
    ofFive = five.accepted(picture);
    ofSix = six.accepted(picture);
  }

  @AfterAll
  static void stop() throws Exception {
    three.close();
    five.close();
    six.close();
  }

  /** Status and code, or the length of a body that has none. */
  private static String told(Response response) {
    if (response.asByteArray().length == 0) {
      return response.statusCode() + " nothing";
    }
    String type = response.contentType();
    return "application/json".equals(type)
        ? response.statusCode() + " " + response.path("code")
        : response.statusCode() + " " + type;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET | /image/original/ALIAS                      | 200 image/png | 200 image/png
          GET | /image/original?alias=ALIAS                | 200 image/png | 200 image/png
          GET | /image/original?alias=none.png&alias=ALIAS | 200 image/png | 200 image/png
          GET | /image/original?src=ALIAS                  | 400 invalid-query | 400 invalid-query
          GET | /image/original                            | 400 invalid-query | 400 invalid-query
          GET | /image/original?alias=                     | 404 alias-not-found | 404 nothing
          GET | /image/original/none.png                   | 404 alias-not-found | 404 nothing
          GET | /image/original?alias=none.png             | 404 alias-not-found | 404 nothing
          GET | /image/original/ALIAS/                     | 404 not-found | 404 nothing
          POST | /image/original/ALIAS                     | 405 method-not-allowed | 405 nothing
          OPTIONS | /image/original/ALIAS                  | 204 nothing | 405 nothing
          GET | /image/details/original/none.png           | 404 alias-not-found | 404 alias-not-found
          GET | /image/details/original                    | 400 invalid-query | 400 invalid-query
          GET | /image/process.webp?src=none.png&resize=9  | 404 alias-not-found | 404 nothing
          GET | /image/process.webp?resize=9               | 400 invalid-query | 400 invalid-query
          GET | /image/process.bmp?src=ALIAS               | 400 invalid-file-extension | 400 invalid-file-extension
          GET | /image/process.webp?alias=ALIAS&resize=9   | 200 image/webp | 200 image/webp
          GET | /image/process.webp?src=ALIAS&alias=none.png&resize=9 | 200 image/webp | 200 image/webp
          GET | /image/details/process.webp                | 400 invalid-query | 400 invalid-query
          GET | /image/details/process.webp?src=ALIAS&resize=77 | 200 null | 404 alias-not-found
          GET | /image/process.?src=ALIAS                  | 404 not-found | 404 nothing
          GET | /image                                     | 405 method-not-allowed | 404 nothing
          OPTIONS | /image                                 | 204 nothing | 404 nothing
          HEAD | /healthz                                  | 200 nothing | 404 nothing
          POST | /healthz                                  | 405 method-not-allowed | 404 nothing
          GET | /nowhere                                   | 404 not-found | 404 nothing
          GET | /                                          | 404 not-found | 404 nothing
          DELETE | /image/delete/abc/none.png              | 404 alias-not-found | 204 nothing
          DELETE | /image/delete/abc/ALIAS                 | 403 invalid-delete-token | 403 invalid-delete-token
          """)
  void aliases(String method, String path, String ofOld, String ofNew) {
    assertThat(told(three.request().request(method, path.replace("ALIAS", ofThree))))
        .isEqualTo(ofOld);
    assertThat(told(five.request().request(method, path.replace("ALIAS", ofFive))))
        .isEqualTo(ofNew);
  }

  @Test
  void methodsAreNamedAsTheLinesHaveThem() {
    String path = "/image/original/" + ofFive;
    assertThat(five.request().post(path).header("Allow")).isEqualTo("GET, HEAD");
    assertThat(five.admin().post("/internal/aliases").header("Allow")).isEqualTo("GET");
    assertThat(three.request().post(path).header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    Response preflight =
        five.request()
            .header("Origin", "https://example.org")
            .header("Access-Control-Request-Method", "GET")
            .options(path);
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  void laterLinesHaveCachesAskEachTime() {
    String later = "public, max-age=%d, immutable, stale-while-revalidate=604800";
    assertThat(kept(three, "/image/original/" + ofThree))
        .isEqualTo("public, max-age=604800, immutable");
    for (String path : List.of("/image/original/", "/image/original?alias=")) {
      assertThat(kept(five, path + ofFive)).isEqualTo(later.formatted(0));
      assertThat(kept(six, path + ofSix)).isEqualTo(later.formatted(5));
    }
    String variant = "/image/process.webp?resize=10&src=" + ofFive;
    assertThat(kept(five, variant)).isEqualTo(later.formatted(0));
    assertThat(five.request().head(variant).header("Cache-Control")).isEqualTo(later.formatted(0));
  }

  private static String kept(RunningServer server, String path) {
    Response response = server.request().get(path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    assertThat(response.header("ETag")).matches("\"[0-9a-f]{32}\"");
    assertThat(response.header("Content-Length"))
        .isEqualTo(String.valueOf(response.asByteArray().length));
    return response.header("Cache-Control");
  }

  @ParameterizedTest
  @CsvSource({"If-Match,'\"x\"'", "If-Unmodified-Since,'Fri, 01 Jan 1999 00:00:00 GMT'"})
  void whoHasAnotherContentInMindIsTold(String field, String value) {
    Response response = five.request().header(field, value).get("/image/original/" + ofFive);
    assertThat(told(response)).isEqualTo("412 nothing");
    assertThat(response.header("ETag")).isNull();
    assertThat(told(three.request().header(field, value).get("/image/original/" + ofThree)))
        .isEqualTo("412 precondition-failed");
    String tag = five.request().get("/image/original/" + ofFive).header("ETag");
    for (String right : List.of(tag, "\"x\", " + tag, "*")) {
      RequestSpecification request = five.request().header("If-Match", right);
      assertThat(request.get("/image/original/" + ofFive).statusCode()).isEqualTo(200);
    }
    Response weak = five.request().header("If-Match", "W/" + tag).get("/image/original/" + ofFive);
    assertThat(weak.statusCode()).isEqualTo(412);
  }

  @Test
  void aRangeBeyondTheEndIsAnsweredWithWhatIsKnownOfTheContent() {
    Response beyond =
        five.request().header("Range", "bytes=99999999-").get("/image/original/" + ofFive);
    assertThat(told(beyond)).isEqualTo("416 nothing");
    assertThat(beyond.contentType()).isEqualTo("image/png");
    assertThat(beyond.header("ETag")).isNotNull();
    assertThat(beyond.header("Content-Range")).matches("bytes \\*/[0-9]+");
    for (String several : List.of("bytes=0-1,5-6", "lines=0-1", "Bytes=0-9")) {
      assertThat(told(five.request().header("Range", several).get("/image/original/" + ofFive)))
          .isEqualTo("416 range-not-satisfiable");
    }
  }

  @Test
  void aUnitInCapitalsIsReadInTheOlderLine() {
    RequestSpecification asked = three.request().header("Range", "Bytes=0-9");
    assertThat(asked.get("/image/original/" + ofThree).statusCode()).isEqualTo(206);
  }

  @Test
  void headOfARangeDependsOnTheLine() {
    Response head = five.request().header("Range", "bytes=0-9").head("/image/original/" + ofFive);
    assertThat(head.statusCode()).isEqualTo(206);
    assertThat(head.header("Content-Length")).isEqualTo("10");
    assertThat(head.header("Content-Range")).startsWith("bytes 0-9/");
    Response old = three.request().header("Range", "bytes=0-9").head("/image/original/" + ofThree);
    assertThat(old.statusCode()).isEqualTo(200);
  }

  @Test
  void headMakesNothingInLaterLines() {
    String variant = "/image/process.webp?resize=11&src=" + ofFive;
    assertThat(told(five.request().head(variant))).isEqualTo("404 nothing");
    assertThat(five.request().get(variant).statusCode()).isEqualTo(200);
    assertThat(five.request().head(variant).statusCode()).isEqualTo(200);
    String details = variant.replace("/image/", "/image/details/");
    assertThat(five.request().get(details).<Integer>path("width")).isEqualTo(11);
    String old = "/image/process.webp?resize=11&src=" + ofThree;
    assertThat(three.request().head(old).statusCode()).isEqualTo(200);
  }

  @Test
  void theNewestLineSaysOkEverywhereAndHasOneWordForWhatIsNotThere() {
    Response details = six.request().get("/image/details/original?alias=" + ofSix);
    assertThat(details.<String>path("msg")).isEqualTo("ok");
    for (String route : List.of("/version", "/limits", "/internal/stats", "/internal/media")) {
      assertThat(six.admin().get(route).<String>path("msg")).as(route).isEqualTo("ok");
    }
    assertThat(details.<Integer>path("width")).isEqualTo(64);
    assertThat(told(six.request().get("/image/original/none.png"))).isEqualTo("404 not-found");
    assertThat(told(six.request().get("/image/details/original/none.png")))
        .isEqualTo("404 not-found");
  }

  /** Names, files and URLs that are not there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET | /image/process_backgrounded.webp?resize=9&src=none.png | 404 not-found | 404 nothing
          GET | /image/process_backgrounded.webp?resize=9&proxy=http://a.example/ | 404 not-found | 404 nothing
          GET | /image/details/original?proxy=http://a.example/ | 404 not-found | 404 proxy-not-found
          GET | /image/details/process.webp?proxy=http://a.example/ | 404 not-found | 404 proxy-not-found
          GET | /image/download?url=nowhere | 400 invalid-query | 400 download-file-error
          POST | /image?max_file_size=0 | 400 validate-file-size | 413 validate-file-size
          """)
  void theNewestLineHasFewerWordsThanTheOneBefore(
      String method, String path, String ofSix, String ofFive) {
    for (RunningServer later : List.of(five, six)) {
      RequestSpecification request = later.request();
      if (method.equals("POST")) {
        request.multiPart("images[]", "a.png", Pictures.png(9, 9));
      }
      assertThat(told(request.request(method, path)))
          .as(path)
          .isEqualTo(later == six ? ofSix : ofFive);
    }
  }

  @Test
  void aFormWithoutPartsIsToldInTheWordOfEachLine() throws Exception {
    byte[] nothing = "--b--\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (RunningServer one : List.of(three, five, six)) {
      assertThat(Wire.post(one, "Content-Length: " + nothing.length + "\r\n", nothing))
          .startsWith("HTTP/1.1 400 ")
          .contains(one == five ? "\"file-upload-error\"" : "\"validate-no-files\"");
    }
  }

  @Test
  void theNewestLineCallsFilesUploadsToo() {
    Response uploaded = six.upload(Pictures.png(9, 8));
    String alias = uploaded.path("files[0].file");
    assertThat(uploaded.<String>path("files[0].alias")).isEqualTo(alias);
    assertThat(uploaded.<Object>path("uploads")).isEqualTo(uploaded.<Object>path("files"));
    assertThat(uploaded.<Object>path("files[0].details.msg")).isNull();
    Response five = LaterLinesIT.five.upload(Pictures.png(9, 8));
    assertThat(five.<Object>path("uploads")).isNull();
    assertThat(five.<Object>path("files[0].alias")).isNull();
  }

  @Test
  void refusedPicturesAreBadRequestsInLaterLines() {
    byte[] words = "words".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(told(three.upload(words))).isEqualTo("415 unsupported-media-type");
    assertThat(told(five.upload(words))).isEqualTo("400 command-failure");
    byte[] cut = Bytes.part(Pictures.jpeg(64, 48), 0, 1000);
    assertThat(three.upload(cut).statusCode()).isEqualTo(201);
    for (RunningServer later : List.of(five, six)) {
      assertThat(told(later.upload(cut))).isEqualTo("400 command-failure");
    }
    RequestSpecification taken = five.admin().multiPart("images[]", "a.png", Pictures.png(9, 9));
    assertThat(taken.post("/internal/import").statusCode()).isEqualTo(201);
    RequestSpecification again = five.admin().multiPart("images[]", "a.png", Pictures.png(9, 9));
    assertThat(told(again.post("/internal/import"))).isEqualTo("400 duplicate-alias");
  }
}
