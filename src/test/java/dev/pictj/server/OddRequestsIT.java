package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that no usual client writes: each gets an answer that says what is wrong with it. */
class OddRequestsIT {
  private static RunningServer server;
  private static String alias;
  private static String token;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    io.restassured.response.Response uploaded = server.upload(Pictures.png(5, 5));
    alias = Replies.alias(uploaded);
    token = uploaded.path("files[0].delete_token");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static String answer(String request) throws IOException {
    return Wire.exchange(server, request, new byte[0]);
  }

  private static String get(String target) throws IOException {
    return answer("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  /** A status among these, JSON, and nothing of our insides. */
  private static void refused(String answer, String statuses) {
    assertThat(answer)
        .matches(
            "(?s)HTTP/1\\.1 (" + statuses + ") .*\r\n\r\n\\{\"msg\":\"[^\"]+\",\"code\":\".*\"}")
        .contains("Content-Type: application/json\r\n")
        .doesNotContain("Exception", "jetty", "internal-error");
  }

  static Stream<String> malformedPaths() {
    return Stream.of(
            "/image/original/",
            "/image/process.",
            "/image/process.jpg/",
            "/image/details/original/",
            "/image/details/process.",
            "/image/delete/token/",
            "/image/delete/",
            "/image/",
            "/internal/",
            "/")
        .flatMap(
            route ->
                Stream.of(
                        "%u0041",
                        "%",
                        "%4",
                        "%zz",
                        "%+1",
                        "%ff",
                        "%c0%af",
                        "%ed%a0%80",
                        "%00",
                        "%2F",
                        "%2f..%2f",
                        "%2e%2e",
                        "%2e%2e/x",
                        "..;/x",
                        "%5c",
                        "%0d%0aX:1")
                    .map(bad -> route + bad));
  }

  @ParameterizedTest
  @MethodSource("malformedPaths")
  void malformedEscapesAreTheClientsFault(String path) throws IOException {
    refused(get(path), "400|401|404");
  }

  @Test
  void anAliasThatIsEscapedBadlyIsOneThatDoesNotExist() throws IOException {
    for (String bad : new String[] {"%u0041", "%u00e9.jpg"}) {
      refused(get("/image/original/" + bad), "404");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/image/process.jpg?src=%u0041", "/image/process.jpg?src=%", "/image/process.jpg?src=%ff",
    "/image/process.jpg?src=%00", "/image/process.jpg?%zz", "/image/download?url=%",
    "/internal/aliases?alias=%zz", "/image/details/process.png?src=%c0%af"
  })
  void soAreThoseInQueries(String path) throws IOException {
    refused(get(path), "400|401|404");
  }

  /** {@code GET /healthz} without a version: {@code ProtocolErrors} reads Jetty's message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "GET http://other/healthz HTTP/1.1@Host: x@@! 200",
        "GET http://other:99/healthz HTTP/1.1@Host: x@@! 200",
        "GET http://other/image/original/none HTTP/1.1@Host: x@@! 404",
        "GET http://user@other/healthz HTTP/1.1@Host: x@@! 400",
        "GET /healthz@! 400",
        "GET /healthz HTTP/0.9@@! 505",
        "GET /healthz HTTP/1.2@Host: x@@! 505",
        "GET /healthz HTTP/2.0@Host: x@@! 505",
        "GET /healthz HTTP/3.0@Host: x@@! 505",
        "PRI * HTTP/2.0@@SM@@! 505",
        "GET /healthz HTTP/1.0@@! 200",
        "GET /healthz HTTP/1.1@@! 400",
        "GET /healthz HTTP/1.1@Host: a@Host: b@@! 400",
        "GET /healthz HTTP/1.1@Host: a@Host: a@@! 400",
        "GET /healthz HTTP/1.1@Host: a b@@! 400",
        "GET /healthz HTTP/1.1@Host:@@! 400",
        "GET healthz HTTP/1.1@Host: x@@! 400",
        "OPTIONS * HTTP/1.1@Host: x@@! 404",
        "CONNECT a:80 HTTP/1.1@Host: a:80@@! 405",
        "FOO /healthz HTTP/1.1@Host: x@@! 405",
        "get /healthz HTTP/1.1@Host: x@@! 405",
        "FOO /nothing HTTP/1.1@Host: x@Content-Length: 3@@abc! 405"
      })
  void everyRequestLineGetsAnAnswer(String written, String statuses) throws IOException {
    String answer =
        answer(written.replace("HTTP/1.1@", "HTTP/1.1@Connection: close@").replace("@", "\r\n"));
    if (statuses.equals("200")) {
      assertThat(answer).startsWith("HTTP/1.1 200 ");
    } else {
      refused(answer, statuses);
      assertThat(answer).contains("Connection: close\r\n");
    }
  }

  @Test
  void aTlsHelloIsRefused() throws IOException {
    refused(answer("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"), "400");
  }

  /** Javalin would take the POST for a DELETE. */
  @ParameterizedTest
  @CsvSource({"DELETE", "GET", "PUT", "POST"})
  void noHeaderMakesARequestAnother(String method) throws IOException {
    for (String path :
        new String[] {
          "/image/delete/" + token + "/" + alias,
          "/image/original/" + alias,
          "/image/process.png?src=" + alias,
          "/image/details/original/" + alias,
          "/image/details/process.png?src=" + alias,
          "/image/download?url=x",
          "/healthz"
        }) {
      for (String name : new String[] {"X-HTTP-Method-Override", "x-http-method-override"}) {
        refused(
            answer(
                "POST "
                    + path
                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n"
                    + name
                    + ": "
                    + method
                    + "\r\n\r\n"),
            "405");
      }
    }
    String head =
        answer(
            "HEAD /image/original/"
                + alias
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "X-HTTP-Method-Override: "
                + method.toLowerCase(Locale.ROOT)
                + "\r\n\r\n");
    assertThat(head).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
  }
}
