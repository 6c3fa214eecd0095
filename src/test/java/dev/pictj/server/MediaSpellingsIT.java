package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An encoded letter of a name (RFC 3986, section 2.1) is the same letter: answers do not depend on
 * the spelling. Other spellings of the routes themselves name no route.
 */
class MediaSpellingsIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static RunningServer server;
  private static String alias;
  private static String missing;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    alias = server.accepted(Pictures.jpegQuality(1600, 1200, 1f));
    missing = "nobody" + alias.substring(6);
  }

  @AfterAll
  static void stop() throws Exception {
    HTTP.close();
    server.close();
  }

  private static List<String> plain() {
    String chain = "?src=%s&thumbnail=90";
    return List.of(
        "/image/original/" + alias,
        "/image/original/" + missing,
        "/image/original/",
        "/image/original/" + alias + "/",
        "/image/process.webp" + chain.formatted(alias),
        "/image/process.jpg" + chain.formatted(alias) + "&blur=2.5",
        "/image/process.png" + chain.formatted(missing),
        "/image/process.bmp" + chain.formatted(alias),
        "/image/process.webp?thumbnail=90",
        "/image/process.webp?src=" + alias + "&thumbnail=wide",
        "/image/process.webp?src=" + alias + "&unheard=1");
  }

  /** With one letter encoded. */
  private static String encoded(String plain) {
    String before = plain.startsWith("/image/original/") ? "/image/original/" : "/image/process.";
    return plain.equals(before) ? plain : letter(plain, before.length());
  }

  private static String letter(String text, int at) {
    return "%s%%%02X%s"
        .formatted(text.substring(0, at), (int) text.charAt(at), text.substring(at + 1));
  }

  private record Answer(int status, Map<String, List<String>> headers, byte[] body) {}

  private static Answer answer(String method, String target, List<String> headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
    Map<String, List<String>> said = new TreeMap<>(response.headers().map());
    said.remove("x-request-id");
    said.remove("date");
    return new Answer(response.statusCode(), said, response.body());
  }

  private static List<List<String>> conditions(Answer whole) {
    List<List<String>> conditions = new ArrayList<>();
    conditions.add(List.of());
    for (String range :
        List.of(
            "bytes=0-0",
            "bytes=10-99",
            "bytes=-5",
            "bytes=5-",
            "bytes=99999999-",
            "bytes=1-2,4-5",
            "lines=1-2",
            "bytes=3-1")) {
      conditions.add(List.of("Range", range));
    }
    if (whole.status() == 200) {
      String tag = whole.headers().get("etag").getFirst();
      String date = whole.headers().get("last-modified").getFirst();
      conditions.add(List.of("If-None-Match", tag));
      conditions.add(List.of("If-None-Match", "W/" + tag, "If-Modified-Since", date));
      conditions.add(List.of("If-None-Match", "\"other\"", "If-Modified-Since", date));
      conditions.add(List.of("If-None-Match", "\"a\", " + tag));
      conditions.add(List.of("If-None-Match", "*"));
      conditions.add(List.of("If-Modified-Since", date));
      conditions.add(List.of("If-Modified-Since", "yesterday"));
      conditions.add(List.of("If-Range", tag, "Range", "bytes=2-4"));
      conditions.add(List.of("If-Range", "\"other\"", "Range", "bytes=2-4"));
      conditions.add(List.of("If-Range", date, "Range", "bytes=2-4"));
      conditions.add(List.of("If-None-Match", tag, "Range", "bytes=2-4"));
    }
    return conditions;
  }

  @Test
  void anEncodedLetterChangesNothing() throws Exception {
    int statuses = 0;
    for (String target : plain()) {
      // A variant exists from its first request on.
      Answer first = answer("GET", target, List.of());
      for (List<String> headers : conditions(first)) {
        for (String method : List.of("GET", "HEAD")) {
          Answer here = answer(method, target, headers);
          Answer there = answer(method, encoded(target), headers);
          String which = method + " " + target + " " + headers;
          assertThat(here.status()).as(which).isEqualTo(there.status());
          assertThat(here.headers()).as(which).isEqualTo(there.headers());
          assertThat(here.body()).as(which).isEqualTo(there.body());
          statuses |= 1 << (here.status() / 100);
        }
      }
    }
    // 2xx, 3xx and 4xx were all among them.
    assertThat(statuses).isEqualTo(0b11100);
  }

  @ParameterizedTest
  @CsvSource({
    "/image//original/%s, 404, not-found",
    "//image/original/%s, 404, not-found",
    "/image/./original/%s, 404, not-found",
    "/image/x/../original/%s, 404, not-found",
    "/image/original/./%s, 404, not-found",
    "/image/original//%s, 404, not-found",
    "/image/original/%s/, 404, not-found",
    "/image/original;x=1/%s, 404, not-found",
    "/image/%%6Friginal/%s, 404, not-found",
    "/image%%2Foriginal/%s, 404, not-found",
    "/image/original%%2F%s, 404, not-found",
    "/image/original/%%2e%%2e/original/%s, 404, not-found",
    "/Image/original/%s, 404, not-found",
    "/image/original/%s;x=1, 404, alias-not-found",
    "/image/original/;%s, 404, alias-not-found",
    "/image/original/%s%%2F, 404, alias-not-found",
    "/image/original/%s%%3Fx, 404, alias-not-found",
    "/image/original/%s%%2f..%%2f%1$s, 404, alias-not-found",
    "/image/original/%s%%00, 400, invalid-request",
    "/image/original/%s%%C3, 400, invalid-request",
    "/image/original/%s%%, 400, invalid-request",
    "/image/original/%s\\, 400, invalid-request",
    "/image/original/..;/original/%s, 400, invalid-request",
    "/image/original/{%s}, 400, invalid-request",
    "/image/process.webp;x?src=%s, 400, invalid-file-extension",
    "/image/process.web%%2Fp?src=%s, 400, invalid-file-extension",
    "/image/process.WEBP?src=%s, 400, invalid-file-extension",
    "/image/proces%%73.webp?src=%s, 404, not-found",
    "/image/process%%2Ewebp?src=%s, 404, not-found",
    "/image/process.webp/?src=%s, 404, not-found",
    "/image/process./webp?src=%s, 404, not-found",
    "/image//process.webp?src=%s, 404, not-found",
    "/image/x/../process.webp?src=%s, 404, not-found",
  })
  void anotherSpellingOfTheRouteIsNoRoute(String target, int status, String code) throws Exception {
    String head = "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    String path = target.formatted(alias);
    String get = Wire.exchange(server, head.formatted("GET", path), new byte[0]);
    assertThat(get).startsWith("HTTP/1.1 " + status + " ").contains("\"code\":\"" + code + "\"");
    assertThat(Wire.exchange(server, head.formatted("HEAD", path), new byte[0]))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void aNameIsNoLongerServedOnceItIsDeleted() {
    var upload = server.upload(Pictures.png(20, 20)).jsonPath();
    String name = upload.getString("files[0].file");
    String target = "/image/original/" + name;
    assertThat(server.request().get(target).statusCode()).isEqualTo(200);
    server
        .request()
        .delete("/image/delete/" + upload.getString("files[0].delete_token") + "/" + name);

    assertThat(server.request().get(target).statusCode()).isEqualTo(404);
  }
}
