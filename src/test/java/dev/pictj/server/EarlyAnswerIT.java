package dev.pictj.server;

import static dev.pictj.server.Wire.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that come before the body has been read: whoever is sending still gets to see them (RFC
 * 9112, section 9.6). The clients here write as reqwest, hyper and many others do: they do not read
 * before all is written or writing fails.
 */
class EarlyAnswerIT {
  private static final int PIECE = 64 * 1024;

  /** More than the buffers of both sides hold. */
  private static final int BODY = 12 << 20;

  private static RunningServer server;
  private static String alias;

  @BeforeAll
  static void start() {
    server = RunningServer.start("max-file-size", "1", "max-files", "4");
    alias = server.accepted(Pictures.png(5, 5));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static final String FORM = "Content-Type: multipart/form-data; boundary=b\r\n";

  private static Socket connected() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /**
   * Writes head and body without looking, and reads only then. Whoever is cut off while writing may
   * not get so far; reqwest does not.
   */
  private static String writeThenRead(String head, byte[] body) throws IOException {
    try (Socket socket = connected()) {
      OutputStream out = socket.getOutputStream();
      out.write(ascii(head));
      for (int at = 0; at < body.length; at += PIECE) {
        out.write(body, at, Math.min(PIECE, body.length - at));
      }
      return Wire.text(socket.getInputStream().readAllBytes());
    }
  }

  private static String head(String request, String headers) {
    return request + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(413, "POST /image", FORM),
        Arguments.of(413, "POST /internal/import", FORM + "X-Api-Token: the-key\r\n"),
        Arguments.of(401, "POST /internal/import", FORM),
        Arguments.of(401, "POST /internal/purge?alias=x", ""),
        Arguments.of(404, "POST /nothing", FORM),
        Arguments.of(405, "POST /image/original/x.png", FORM),
        Arguments.of(405, "PUT /image", FORM),
        Arguments.of(400, "POST /image", "Content-Type: text/plain\r\n"),
        Arguments.of(400, "POST /image", ""),
        Arguments.of(404, "DELETE /image/delete/a/b", ""),
        Arguments.of(404, "GET /image/original/none.png", ""),
        Arguments.of(200, "GET /image/original/ALIAS", ""),
        Arguments.of(200, "GET /image/original/%61LIAS", ""),
        Arguments.of(304, "GET /image/original/ALIAS", "If-None-Match: *\r\n"),
        Arguments.of(200, "GET /healthz", ""));
  }

  private static void answered(String answer, int status) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsOnlyOnce("HTTP/1.1")
        .containsOnlyOnce("Connection: close\r\n");
    if (status >= 400) {
      assertThat(answer).contains("\"code\":\"").endsWith("}");
    }
  }

  private static String named(String request) {
    return request
        .replace("ALIAS", alias)
        .replace("%61LIAS", "%" + Integer.toHexString(alias.charAt(0)) + alias.substring(1));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whoeverAnnouncesALengthSeesTheAnswer(int status, String request, String headers)
      throws IOException {
    String length = "Content-Length: " + BODY + "\r\n";
    answered(writeThenRead(head(named(request), headers + length), form()), status);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whoeverSendsChunksSeesTheAnswer(int status, String request, String headers)
      throws IOException {
    byte[] chunks = Wire.chunked(form(), PIECE);
    String chunked = "Transfer-Encoding: chunked\r\n";
    answered(writeThenRead(head(named(request), headers + chunked), chunks), status);
  }

  private static byte[] form() {
    byte[] around = Wire.form(new byte[0]);
    return Wire.form(new byte[BODY - around.length]);
  }

  /** What lost 33 of 120 answers. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noneOfManyLosesItsAnswer(boolean chunked) throws IOException {
    byte[] form = Wire.form(new byte[4 << 20]);
    String framing =
        chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + form.length + "\r\n";
    byte[] body = chunked ? Wire.chunked(form, PIECE) : form;
    for (int i = 0; i < 120; i++) {
      answered(writeThenRead(head("POST /image", FORM + framing), body), 413);
    }
  }

  /** Java's own client reads while it writes. */
  @Test
  void javasClientSeesIt() throws Exception {
    byte[] form = Wire.form(new byte[6 << 20]);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/image"))
              .header("Content-Type", "multipart/form-data; boundary=b");
      for (int i = 0; i < 20; i++) {
        for (BodyPublisher body :
            List.of(
                BodyPublishers.ofByteArray(form),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form)))) {
          assertThat(
                  client
                      .send(request.copy().POST(body).build(), BodyHandlers.ofString())
                      .statusCode())
              .isEqualTo(413);
        }
      }
    }
  }

  /** Found before there is a request. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /image HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n",
        "POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n",
        "POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "POST /image HTTP/1.1\r\n",
        "POST /image HTTP/7.1\r\nHost: x\r\n",
        "POST /image HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n"
      })
  void badHeadsSeeTheAnswer(String head) throws IOException {
    assertThat(writeThenRead(head + "\r\n", form()))
        .matches("(?s)HTTP/1\\.1 (4\\d\\d|505) .*")
        .doesNotContain("internal-error")
        .contains("Connection: close\r\n", "\"code\":\"")
        .endsWith("}");
  }

  @Test
  void headsThatAreTooLongSeeTheAnswer() throws IOException {
    String answer = writeThenRead("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(BODY), form());
    assertThat(answer).startsWith("HTTP/1.1 431 ").contains("\"code\":\"").endsWith("}");
    answer = writeThenRead("GET /" + "a".repeat(BODY), form());
    assertThat(answer).startsWith("HTTP/1.1 414 ").contains("\"code\":\"").endsWith("}");
  }

  /** A short body has arrived by then, and nothing need be closed. */
  @Test
  void afterAShortBodyTheConnectionIsUsedAgain() throws IOException {
    String again = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    for (String framing :
        new String[] {
          "Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        }) {
      String both = "POST /nothing HTTP/1.1\r\nHost: x\r\n" + framing + again;
      assertThat(writeThenRead(both, new byte[0]))
          .startsWith("HTTP/1.1 404 ")
          .contains("HTTP/1.1 200 ")
          .containsOnlyOnce("Connection: close");
    }
  }

  /** Beyond the bounds it is closed all the same, and nothing hangs. */
  @ParameterizedTest
  @CsvSource({"linger-size, 1", "linger-timeout, 1", "linger-connections, 0"})
  void lingeringIsBounded(String setting, String bound) throws IOException {
    try (RunningServer bounded = RunningServer.start(setting, bound);
        Socket socket = new Socket("127.0.0.1", bounded.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(ascii(head("POST /nothing", "Content-Length: 999999999999\r\n")));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  out.write(new byte[PIECE]);
                }
              })
          .isInstanceOf(SocketException.class);
    }
  }

  static Stream<Arguments> expectations() {
    return Stream.concat(
        refusals().filter(one -> !one.get()[0].equals(413)),
        Stream.of(Arguments.of(413, "POST /image", FORM + "X-Long: 1\r\n")));
  }

  /** Nobody who asks before sending is told to go on, only to be refused. */
  @ParameterizedTest
  @MethodSource("expectations")
  void whoeverAsksFirstGetsTheFinalAnswer(int status, String request, String headers)
      throws IOException {
    String asking = "Expect: 100-continue\r\nContent-Length: " + BODY + "\r\n";
    try (Socket socket = connected()) {
      socket.getOutputStream().write(ascii(head(named(request), headers + asking)));
      answered(Wire.text(socket.getInputStream().readAllBytes()), status);
    }
  }

  @Test
  void whoeverAsksFirstAndMaySendGoesOn() throws IOException {
    byte[] form = Wire.form(Pictures.png(7, 7));
    String asking = "Expect: 100-continue\r\nContent-Length: " + form.length + "\r\n";
    try (Socket socket = connected()) {
      socket
          .getOutputStream()
          .write(ascii(head("POST /image", FORM + asking + "Connection: close\r\n")));
      String interim = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(Wire.text(socket.getInputStream().readNBytes(interim.length())))
          .isEqualTo(interim);
      socket.getOutputStream().write(form);
      assertThat(Wire.text(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 201 ");
    }
  }
}
