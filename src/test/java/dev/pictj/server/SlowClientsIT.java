package dev.pictj.server;

import static dev.pictj.server.Wire.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Clients that take their time: those who only hold a place are sent away, the others served. Over
 * sockets, with the scheduler of Jetty and the buffers of the kernel between, so this really waits,
 * for limits of a second or two; TimedEndPointTest and BodyMeterTest set the clock. How long it
 * took is not asserted.
 */
class SlowClientsIT {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            "idle-timeout", "2",
            "head-timeout", "1",
            "keep-alive-timeout", "2",
            "upload-grace", "1",
            "min-upload-rate", "1000",
            "download-allow-private", "",
            "skip-validate-imports", "");
  }

  @AfterAll
  static void stop() throws Exception {
    server.accepted(Pictures.png(5, 5));
    server.close();
  }

  private static Socket connected() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout((int) ANSWER_TIMEOUT.toMillis());
    return socket;
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String upload(int length) {
    return "POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + length
        + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n";
  }

  private static void tooSlow(Socket socket, byte[] sent, int piece) throws IOException {
    SlowClient client = new SlowClient(socket);
    assertThat(client.sends(sent, piece)).as("all is sent").isFalse();
    tooSlow(client.answer());
  }

  private static void tooSlow(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 408 ")
        .contains("Connection: close\r\n", "\"code\":\"stream-too-slow\"")
        .containsOnlyOnce("HTTP/1.1")
        .containsIgnoringCase("Content-Type: application/json\r\n");
  }

  @Test
  void aHeadThatArrivesByteByByteAnswers408() throws Exception {
    try (Socket socket = connected()) {
      byte[] head = ascii("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(4000));
      tooSlow(socket, head, 1);
    }
  }

  @Test
  void theNextHeadOfAConnectionIsTimedToo() throws Exception {
    try (Socket socket = connected()) {
      socket.getOutputStream().write(ascii("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
      String first = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(first).isEqualTo("HTTP/1.1 200");
      while (socket.getInputStream().available() > 0) {
        socket.getInputStream().skipNBytes(1);
      }
      tooSlow(socket, ascii("GET /" + "a".repeat(4000)), 1);
    }
  }

  @Test
  void aHeadThatIsSlowButInTimeIsServed() throws Exception {
    try (Socket socket = connected()) {
      byte[] head = ascii("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      SlowClient client = new SlowClient(socket);
      assertThat(client.sends(head, 20)).isTrue();
      assertThat(client.answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    try (Socket socket = connected()) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aConnectionBetweenRequestsIsClosedWhenItRestsTooLong() throws Exception {
    try (Socket socket = connected()) {
      socket.getOutputStream().write(ascii("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
      assertThat(rest(socket)).startsWith("HTTP/1.1 200").containsOnlyOnce("HTTP/1.1");
    }
  }

  @Test
  void aConnectionInUseLivesOn() throws Exception {
    try (Socket socket = connected()) {
      StringBuilder answers = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        String last = i == 7 ? "Connection: close\r\n" : "";
        socket
            .getOutputStream()
            .write(ascii("GET /healthz HTTP/1.1\r\nHost: x\r\n" + last + "\r\n"));
        // Within the time that a connection may be idle; all eight together take longer.
        answers.append(untilSilentFor(350, socket));
      }
      assertThat(answers.toString().split("HTTP/1.1 200", -1)).hasSize(9);
    }
  }

  /** What is said until nothing is, for so long, or until the server hangs up. */
  private static String untilSilentFor(int millis, Socket socket) throws IOException {
    StringBuilder said = new StringBuilder();
    socket.setSoTimeout(millis);
    try {
      for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
        said.append((char) c);
      }
    } catch (SocketTimeoutException _) {
      // All of it has come.
    }
    return said.toString();
  }

  @Test
  void aBodyThatTricklesAnswers408() throws Exception {
    try (Socket socket = connected()) {
      byte[] body = Wire.form(new byte[100_000]);
      socket.getOutputStream().write(ascii(upload(body.length)));
      tooSlow(socket, body, 10);
    }
  }

  /** A file that no buffer on the way can hold. */
  private static String large() {
    byte[] picture = PngChunks.withChunk(Pictures.png(8, 8), "prVt", new byte[24 << 20]);
    return Replies.alias(
        server.admin().multiPart("images[]", "large.png", picture).post("/internal/import"));
  }

  private static Socket reader(String alias) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8192);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.setSoTimeout((int) ANSWER_TIMEOUT.toMillis());
    socket
        .getOutputStream()
        .write(
            ascii(
                "GET /image/original/"
                    + alias
                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    return socket;
  }

  /** What is logged of Jetty's while this is open. */
  private static final class Watched extends ListAppender<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("org.eclipse.jetty");

    Watched() {
      start();
      logger.addAppender(this);
    }

    List<String> said() {
      return List.copyOf(list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
      logger.detachAppender(this);
    }
  }

  @Test
  void aReaderThatStopsIsNoFailureOfOurs() throws Exception {
    String alias = large();
    try (Watched log = new Watched();
        LoggedRequests requests = LoggedRequests.open();
        Socket stalled = reader(alias)) {
      assertThat(stalled.getInputStream().readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));
      requests.awaitLine(" B aborted ");
      assertThat(readable(stalled)).isLessThan(24 << 20);
      assertThat(log.said()).isEmpty();
    }
    server.admin().post("/internal/purge?alias=" + alias);
  }

  @Test
  void aReaderThatStopsIsCutAndOneThatGoesOnIsServedToTheEnd() throws Exception {
    String alias = large();
    try (LoggedRequests requests = LoggedRequests.open();
        Socket stalled = reader(alias);
        Socket steady = reader(alias)) {
      assertThat(stalled.getInputStream().readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));
      // It is not done before the other one is cut, which may do nothing for as long.
      InputStream in = steady.getInputStream();
      byte[] buffer = new byte[400_000];
      long total = 0;
      for (int n = in.readNBytes(buffer, 0, buffer.length);
          n > 0;
          n = in.readNBytes(buffer, 0, buffer.length)) {
        total += n;
        var _ = requests.comes(" B aborted ", Duration.ofMillis(65));
      }
      assertThat(total).isGreaterThan(24 << 20).isLessThan((24 << 20) + 2000);
      assertThat(readable(stalled)).isLessThan(24 << 20);
    }
    server.admin().post("/internal/purge?alias=" + alias);
  }

  private static long readable(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes().length;
    } catch (SocketException _) {
      // Reset, as is right for an answer that is not whole.
      return 0;
    }
  }

  @Test
  void aRequestMayTakeLongerThanAClientMayBeSilent() throws Exception {
    byte[] picture = Pictures.png(9, 7);
    HttpServer remote =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    remote.createContext(
        "/",
        exchange -> {
          // Longer than a client may be silent: who was not heard of for as long is cut meanwhile.
          try (Socket silent = connected()) {
            silent.getOutputStream().write(ascii("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
            rest(silent);
          }
          exchange.sendResponseHeaders(200, picture.length);
          exchange.getResponseBody().write(picture);
          exchange.close();
        });
    remote.start();
    try {
      String url = "http://127.0.0.1:" + remote.getAddress().getPort() + "/";
      Replies.alias(server.request().get("/image/download?url=" + url));
    } finally {
      remote.stop(0);
    }
  }

  @Test
  void beyondTheLimitConnectionsWait() throws Exception {
    byte[] request = ascii("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    try (RunningServer small = RunningServer.start("max-connections", "2");
        Socket one = new Socket("127.0.0.1", small.port());
        Socket two = new Socket("127.0.0.1", small.port())) {
      for (Socket socket : new Socket[] {one, two}) {
        socket.getOutputStream().write(request);
        assertThat(socket.getInputStream().readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));
      }
      try (Socket three = new Socket("127.0.0.1", small.port())) {
        three.getOutputStream().write(request);
        three.setSoTimeout(500);
        assertThatThrownBy(() -> three.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        one.shutdownOutput();
        three.setSoTimeout((int) ANSWER_TIMEOUT.toMillis());
        assertThat(three.getInputStream().readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));
      }
    }
  }
}
