package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, sections 13 and 14, on a file too large for one buffer. */
class RangesAndConditionsIT {
  private static RunningServer server;
  private static String alias;
  private static String url;
  private static byte[] whole;
  private static String tag;
  private static String date;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    alias = server.accepted(Pictures.jpegQuality(1600, 1200, 1f));
    url = "/image/original/" + alias;
    Response response = server.request().get(url);
    whole = response.asByteArray();
    assertThat(whole.length).isGreaterThan(600_000);
    tag = response.header("ETag");
    date = response.header("Last-Modified");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Response get(String... headers) {
    var request = server.request();
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.get(url);
  }

  private static void part(Response response, int first, int last) {
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.header("Content-Range"))
        .isEqualTo("bytes %d-%d/%d".formatted(first, last, whole.length));
    assertThat(response.header("Content-Length")).isEqualTo("" + (last - first + 1));
    assertThat(response.header("ETag")).isEqualTo(tag);
    assertThat(response.header("Last-Modified")).isEqualTo(date);
    assertThat(response.header("Cache-Control")).isEqualTo("public, max-age=604800, immutable");
    assertThat(response.contentType()).isEqualTo("image/jpeg");
    assertThat(Arrays.equals(response.asByteArray(), Arrays.copyOfRange(whole, first, last + 1)))
        .isTrue();
  }

  @Test
  void anyPartIsTheRightPart() {
    Random random = new Random(9110);
    for (int i = 0; i < 40; i++) {
      int first = random.nextInt(whole.length);
      int last = first + random.nextInt(whole.length - first);
      part(get("Range", "bytes=%d-%d".formatted(first, last)), first, last);
    }
    int end = whole.length - 1;
    part(get("Range", "bytes=" + end + "-"), end, end);
    part(get("Range", "bytes=0-" + end), 0, end);
    part(get("Range", "bytes=0-" + (end + 1)), 0, end);
    part(get("Range", "bytes=0-99999999999999999999999"), 0, end);
    part(get("Range", "bytes=-300000"), whole.length - 300_000, end);
    part(get("Range", "bytes=-99999999999999999999999"), 0, end);
    part(get("Range", "BYTES=1-2"), 1, 2);
    part(get("Range", "bytes= 1 - 2 "), 1, 2);
  }

  @Test
  void slicesOfAMebibyteMakeTheWholeAgain() {
    // nginx's slice module, with slices that fit this file.
    byte[] joined = new byte[whole.length];
    for (int at = 0; at < whole.length; at += 262_144) {
      byte[] slice =
          get("Range", "bytes=%d-%d".formatted(at, at + 262_143), "If-Range", tag).asByteArray();
      System.arraycopy(slice, 0, joined, at, slice.length);
    }
    assertThat(Arrays.equals(joined, whole)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes", "bytes=", "bytes=-", "bytes=5-3", "bytes=a-b", "bytes=1.5-2", "=0-1"})
  void whatIsNoRangeIsNotThere(String range) {
    assertThat(get("Range", range).statusCode()).isEqualTo(200);
  }

  @Test
  void outsideAndSeveralAre416() {
    for (String range :
        List.of("bytes=%d-".formatted(whole.length), "bytes=-0", "bytes=0-1,5-6", "lines=1-2")) {
      Response response = get("Range", range);
      refused(response, 416, "range-not-satisfiable");
      assertThat(response.header("Content-Range")).isEqualTo("bytes */" + whole.length);
      assertThat(response.header("ETag")).isNull();
      assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  void ifRangeComparesStrongly() {
    assertThat(get("Range", "bytes=0-1", "If-Range", tag).statusCode()).isEqualTo(206);
    assertThat(get("Range", "bytes=0-1", "If-Range", date).statusCode()).isEqualTo(206);
    for (String stale :
        List.of("W/" + tag, "\"other\"", "Mon, 01 Jan 2001 00:00:00 GMT", "nonsense")) {
      assertThat(get("Range", "bytes=0-1", "If-Range", stale).statusCode()).isEqualTo(200);
    }
    // What does not apply cannot be unsatisfiable either.
    assertThat(get("Range", "bytes=99999999-", "If-Range", "\"other\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void whatTheClientHasIsNotSentAgain() {
    for (String have : List.of(tag, "W/" + tag, "*", "\"a\", " + tag + " , \"b\"")) {
      Response response = get("If-None-Match", have, "Range", "bytes=0-1");
      assertThat(response.statusCode()).isEqualTo(304);
      assertThat(response.asByteArray()).isEmpty();
      assertThat(response.header("ETag")).isEqualTo(tag);
      assertThat(response.header("Content-Range")).isNull();
      assertThat(response.header("Content-Length")).isNull();
      assertThat(response.header("Transfer-Encoding")).isNull();
      assertThat(response.header("Connection")).isNull();
    }
    assertThat(get("If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    assertThat(get("If-None-Match", tag.replace("\"", "")).statusCode()).isEqualTo(200);
    assertThat(get("If-None-Match", "\"other\"", "If-Modified-Since", date).statusCode())
        .as("If-None-Match rules")
        .isEqualTo(200);
    assertThat(get("If-Modified-Since", date).statusCode()).isEqualTo(304);
    assertThat(get("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT").statusCode())
        .isEqualTo(304);
    assertThat(get("If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT").statusCode())
        .isEqualTo(200);
    assertThat(get("If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
    Response head = server.request().header("If-None-Match", tag).head(url);
    assertThat(head.statusCode()).isEqualTo(304);
  }

  @Test
  void nothingIsCompressedOnTheWay() {
    for (String path : List.of(url, "/image/process.png?src=" + alias + "&thumbnail=64")) {
      Response response = server.request().header("Accept-Encoding", "br, gzip, deflate").get(path);
      assertThat(response.header("Content-Encoding")).isNull();
      assertThat(response.header("Transfer-Encoding")).isNull();
      assertThat(response.header("Connection")).isNull();
      assertThat(response.header("Content-Length")).isEqualTo("" + response.asByteArray().length);
    }
  }

  @Test
  void aVariantHasValidatorsOfItsOwnThatStay() {
    String small = "/image/process.webp?src=" + alias + "&resize=120";
    Response made = server.request().get(small);
    Response again = server.request().get(small);
    String own = made.header("ETag");
    assertThat(own).isNotEqualTo(tag).isEqualTo(again.header("ETag"));
    assertThat(again.header("Last-Modified")).isEqualTo(made.header("Last-Modified"));
    assertThat(server.request().header("If-None-Match", own).get(small).statusCode())
        .isEqualTo(304);
    Response head = server.request().head("/image/process.webp?src=" + alias + "&resize=121");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(Integer.parseInt(head.header("Content-Length"))).isPositive();
    Response outside = server.request().header("Range", "bytes=9999999-").get(small);
    refused(outside, 416, "range-not-satisfiable");
  }

  @Test
  void aRangeMeansNothingElsewhere() {
    String slice = "bytes=0-1048575";
    Response details =
        server.request().header("Range", "bytes=0-1").get("/image/details/original/" + alias);
    assertThat(details.statusCode()).isEqualTo(200);
    assertThat((int) details.path("width")).isEqualTo(1600);
    Response mine = server.upload(Pictures.png(61, 61));
    String victim = Replies.alias(mine);
    String token = mine.path("files[0].delete_token");
    Response purgeless =
        server.admin().header("Range", slice).get("/internal/aliases?alias=" + victim);
    assertThat(purgeless.statusCode()).isEqualTo(200);
    assertThat(
            server
                .request()
                .header("Range", slice)
                .delete("/image/delete/" + token + "/" + victim)
                .statusCode())
        .isEqualTo(204);
    refused(
        server.request().header("Range", slice).get("/image/original/" + victim),
        404,
        "alias-not-found");
  }
}
