package dev.pictj.server;

import static dev.pictj.server.Wire.ascii;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a line of the access log tells, and what it never does. */
class AccessLogIT {
  private static RunningServer server;
  private static String large;
  private static long size;

  @BeforeAll
  static void start() {
    server = RunningServer.start("idle-timeout", "1", "skip-validate-imports", "");
    byte[] picture = PngChunks.withChunk(Pictures.png(8, 8), "prVt", new byte[24 << 20]);
    size = picture.length;
    large =
        Replies.alias(
            server.admin().multiPart("images[]", "large.png", picture).post("/internal/import"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  /** By both ways a stored picture is sent: the second path is not plain, so a route answers. */
  @ParameterizedTest
  @ValueSource(strings = {"", "%"})
  void aReplyThatIsCutTellsHowMuchWasSent(String escape) throws Exception {
    String alias =
        escape.isEmpty() ? large : "%" + Integer.toHexString(large.charAt(0)) + large.substring(1);
    try (LoggedRequests log = LoggedRequests.open();
        Socket socket = new Socket()) {
      socket.setReceiveBufferSize(8192);
      socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
      socket
          .getOutputStream()
          .write(ascii("GET /image/original/" + alias + " HTTP/1.1\r\nHost: x\r\n\r\n"));
      assertThat(socket.getInputStream().readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));
      // It reads no further, and is sent away.
      assertThat(log.lines(1).getFirst())
          .matches(".*\" 200 \\d+ of " + size + " B aborted \\d+ ms .*");
    }
  }

  @Test
  void wholeRepliesTellTheirSize() throws Exception {
    try (LoggedRequests log = LoggedRequests.open()) {
      server.request().get("/image/original/" + large).asByteArray();
      server.request().head("/image/original/" + large);
      server.request().header("If-None-Match", "*").get("/image/original/" + large);
      server.request().header("Range", "bytes=5-14").get("/image/original/" + large);
      assertThat(log.lines(4).stream().map(line -> line.replaceAll(".*\" (\\d+ .*B) .*", "$1")))
          .containsExactly("200 " + size + " B", "200 0 B", "304 0 B", "206 10 B");
    }
  }

  @Test
  void noSecretAndNoForgedLineIsWritten() throws Exception {
    try (LoggedRequests log = LoggedRequests.open()) {
      for (String target :
          new String[] {
            "/image/delete/s3cret/none",
            "http://x/image/%64elete/s3cret/none",
            "/image/download?url=http://x/process.jpg?s3cret",
            "/image/download/process.?url=s3cret",
            "/image/process.jpg?src=none&api_key=s3cret",
            "/none?X-Api-Token=s3cret"
          }) {
        Wire.exchange(
            server,
            "GET "
                + target
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Api-Token: s3cret\r\n"
                + "User-Agent: a\u0007\u001b[2J\"\u0085b\r\n\r\n",
            new byte[0]);
      }
      assertThat(log.lines(6))
          .allSatisfy(
              line ->
                  assertThat(line)
                      .doesNotContain("s3cret", "null")
                      .matches("[ -~]+")
                      .containsPattern("^127\\.0\\.0\\.1 \"[A-Z]+ [^\"]+\" \\d{3} "));
    }
  }

  @Test
  void aClientWithoutNameHasADash() throws Exception {
    try (LoggedRequests log = LoggedRequests.open()) {
      Wire.exchange(
          server, "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", new byte[0]);
      assertThat(log.lines(1)).first().asString().contains(" ms \"-\" ");
    }
  }

  @Test
  void probesThatFindItWellCanBeLeftOut() throws Exception {
    try (RunningServer quiet = RunningServer.start("quiet-probes", "");
        LoggedRequests log = LoggedRequests.open()) {
      quiet.request().get("/healthz");
      quiet.request().put("/healthz");
      quiet.request().get("/version");
      assertThat(
              log.lines(2).stream()
                  .map(line -> line.replaceAll(".*\"(.*)\" (\\d+) .*\".*", "$1 $2")))
          .containsExactly("PUT /healthz 405", "GET /version 200");
    }
  }
}
