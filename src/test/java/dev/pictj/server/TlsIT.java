package dev.pictj.server;

import static dev.pictj.server.Wire.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A server that speaks TLS: what it serves, what it does not wait for, and a new certificate. */
@Timeout(120)
class TlsIT {
  private static final int ANSWER_MILLIS = 20_000;
  private static final String HEALTH = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
  private static final String LAST = "Connection: close\r\n\r\n";

  @TempDir private static Path folder;
  private static Path certificate;
  private static Path key;
  private static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    certificate = folder.resolve("fullchain.pem");
    key = folder.resolve("privkey.pem");
    write(Certificates.made(folder, "EC"));
    server =
        RunningServer.start(
            "tls-certificate", certificate.toString(),
            "tls-key", key.toString(),
            "tls-reload-interval", "1",
            "head-timeout", "1",
            "keep-alive-timeout", "60",
            "max-file-size", "1");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static void write(Certificates pair) throws Exception {
    Files.writeString(certificate, pair.certificatePem());
    Files.writeString(key, pair.keyPem());
  }

  private static RequestSpecification request() {
    return RestAssured.given()
        .relaxedHTTPSValidation()
        .spec(
            new RequestSpecBuilder()
                .setBaseUri("https://127.0.0.1")
                .setPort(server.port())
                .setUrlEncodingEnabled(false)
                .build());
  }

  private static SSLSocket connected(SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(ANSWER_MILLIS);
    return socket;
  }

  private static String all(Socket socket) throws IOException {
    return Wire.text(socket.getInputStream().readAllBytes());
  }

  /** What is logged above debugging while this is open, but for requests. */
  private static final class Watched extends ListAppender<ILoggingEvent> implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    Watched() {
      start();
      root.addAppender(this);
    }

    List<String> said() {
      return List.copyOf(list).stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
          .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage())
          .filter(line -> line.contains("jetty"))
          .toList();
    }

    @Override
    public void close() {
      root.detachAppender(this);
    }
  }

  @Test
  void uploadsRangesAndVariantsAreServed() {
    byte[] picture = Pictures.jpeg(600, 400);
    Response uploaded = request().multiPart("images[]", "picture", picture).post("/image");
    assertThat(uploaded.statusCode()).as(uploaded.asString()).isEqualTo(201);
    String alias = uploaded.path("files[0].file");
    byte[] original = request().get("/image/original/" + alias).asByteArray();
    assertThat(original).hasSizeGreaterThan(1000);
    Response part = request().header("Range", "bytes=100-299").get("/image/original/" + alias);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.asByteArray()).isEqualTo(Arrays.copyOfRange(original, 100, 300));
    Response variant = request().get("/image/process.webp?src=" + alias + "&thumbnail=64");
    assertThat(variant.statusCode()).as(variant.asString()).isEqualTo(200);
    assertThat(variant.contentType()).isEqualTo("image/webp");
    String token = uploaded.path("files[0].delete_token");
    assertThat(request().delete("/image/delete/" + token + "/" + alias).statusCode())
        .isEqualTo(204);
  }

  /** It is refused while it is being sent, and who sends it reads why. */
  @Test
  void anEarlyAnswerIsReadByWhoStillSends() throws Exception {
    byte[] form = Wire.form(new byte[8 << 20]);
    for (int i = 0; i < 10; i++) {
      try (SSLSocket socket = connected(Certificates.trusting())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            ascii(
                "POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n".formatted(form.length)
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n"));
        // A client of TLS hears of the end of the answer while it sends.
        try {
          out.write(form);
        } catch (SocketException | SSLException _) {
          // It has been told.
        }
        assertThat(all(socket)).startsWith("HTTP/1.1 413 ").endsWith("}");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "\u0016\u0003\u0001\u0000"})
  void whatIsNoTlsIsClosedWithoutAWord(String said) throws Exception {
    try (Watched log = new Watched();
        Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(ascii(said));
      assertThat(all(socket)).doesNotContain("HTTP/1.1");
      assertThat(log.said()).isEmpty();
    }
  }

  @Test
  void aClientOfOldProtocolsIsRefusedWithoutAWord() throws Exception {
    // As TLS 1.0 has it: no suite that is known here.
    byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 4 + 2];
    byte[] head = {
      22, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9), 3, 1
    };
    System.arraycopy(head, 0, hello, 0, head.length);
    byte[] suites = {0, 2, 0, 0x2F, 1, 0};
    System.arraycopy(suites, 0, hello, hello.length - suites.length, suites.length);
    try (Watched log = new Watched();
        Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(hello);
      InputStream in = socket.getInputStream();
      assertThat(in.read()).as("an alert").isEqualTo(21);
      in.readAllBytes();
      assertThat(log.said()).isEmpty();
    }
  }

  /** Each byte of it is in time, all of them are not. */
  @Test
  void aHandshakeByteByByteIsCutOff() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3});
      assertThat(new SlowClient(socket).sends(new byte[500], 1)).as("all is sent").isFalse();
    }
  }

  @Test
  void whoSaysNothingBehindTheHandshakeIsClosedWithoutAnAnswer() throws Exception {
    try (SSLSocket socket = connected(Certificates.trusting())) {
      socket.startHandshake();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static void tooSlow(Socket socket, byte[] sent, int piece) throws IOException {
    SlowClient client = new SlowClient(socket);
    assertThat(client.sends(sent, piece)).as("all is sent").isFalse();
    assertThat(client.answer())
        .startsWith("HTTP/1.1 408 ")
        .contains("\"code\":\"stream-too-slow\"");
  }

  @Test
  void aHeadByteByByteAnswers408() throws Exception {
    try (SSLSocket socket = connected(Certificates.trusting())) {
      socket.startHandshake();
      tooSlow(socket, ascii(HEALTH + "X: " + "a".repeat(400)), 1);
    }
  }

  /** A server whose clients may be silent for a second, and not much slower than a modem. */
  private static RunningServer impatient() {
    return RunningServer.start(
        "tls-certificate", certificate.toString(),
        "tls-key", key.toString(),
        "idle-timeout", "1",
        "upload-grace", "1",
        "min-upload-rate", "1000",
        "skip-validate-imports", "");
  }

  @Test
  void aBodyThatTricklesAnswers408() throws Exception {
    byte[] body = Wire.form(new byte[100_000]);
    try (RunningServer strict = impatient();
        Socket socket =
            Certificates.trusting().getSocketFactory().createSocket("127.0.0.1", strict.port())) {
      socket
          .getOutputStream()
          .write(
              ascii(
                  "POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: "
                      + body.length
                      + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"));
      socket.setSoTimeout(ANSWER_MILLIS);
      tooSlow(socket, body, 10);
    }
  }

  @Test
  void aReaderThatStopsIsCut() throws Exception {
    byte[] picture = PngChunks.withChunk(Pictures.png(8, 8), "prVt", new byte[24 << 20]);
    try (RunningServer strict = impatient();
        LoggedRequests log = LoggedRequests.open();
        Socket plain = new Socket()) {
      RestAssured.given()
          .relaxedHTTPSValidation()
          .header("X-Api-Token", RunningServer.KEY)
          .multiPart("images[]", "large.png", picture)
          .post("https://127.0.0.1:" + strict.port() + "/internal/import")
          .then()
          .statusCode(201);
      plain.setReceiveBufferSize(8192);
      plain.connect(new InetSocketAddress("127.0.0.1", strict.port()));
      plain.setSoTimeout(ANSWER_MILLIS);
      try (Socket socket =
          Certificates.trusting()
              .getSocketFactory()
              .createSocket(plain, "127.0.0.1", strict.port(), true)) {
        socket
            .getOutputStream()
            .write(ascii("GET /image/original/large.png HTTP/1.1\r\nHost: x\r\n" + LAST));
        assertThat(socket.getInputStream().readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));
        // It reads no further.
        log.awaitLine(" B aborted ");
      }
    }
  }

  @Test
  void keysAreNotAgreedOnAnewForAClientOfTls12() throws Exception {
    SSLContext context = Certificates.trusting();
    try (SSLSocket socket = connected(context)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.getOutputStream().write(ascii(HEALTH + "\r\n"));
      assertThat(answer(socket)).startsWith("HTTP/1.1 200");
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
      String more = "";
      try {
        socket.startHandshake();
        socket.getOutputStream().write(ascii(HEALTH + LAST));
        more = all(socket);
      } catch (IOException _) {
        // As it should be.
      }
      assertThat(more).isEmpty();
    }
  }

  /** One answer, whose body has a length, of a connection that goes on. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int one = in.read();
      if (one < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) one);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ");
    int length =
        at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)).strip());
    in.readNBytes(length);
    return head.toString();
  }

  private static BigInteger serial(SSLSocket socket) throws IOException {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
  }

  @Test
  void aNewCertificateIsUsedWithoutALostRequest() throws Exception {
    Certificates next = Certificates.made(folder, "RSA");
    BigInteger newSerial = next.certificate().getSerialNumber();
    AtomicBoolean going = new AtomicBoolean(true);
    ConcurrentLinkedQueue<BigInteger> seen = new ConcurrentLinkedQueue<>();
    List<Future<Integer>> clients = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        clients.add(pool.submit(staying(going)));
        clients.add(pool.submit(comingAgain(going, seen)));
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() > 8);
      assertThat(seen).doesNotContain(newSerial);
      write(next);
      await().atMost(Duration.ofSeconds(30)).until(() -> seen.contains(newSerial));
      int size = seen.size();
      await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() > size + 20);
      going.set(false);
      for (Future<Integer> client : clients) {
        assertThat(client.get()).as("requests, none of them lost").isGreaterThan(2);
      }
    }
    List<BigInteger> order = List.copyOf(seen);
    assertThat(order.subList(order.size() - 5, order.size())).containsOnly(newSerial);
    try (SSLSocket socket = connected(Certificates.trusting())) {
      socket.startHandshake();
      assertThat(serial(socket)).isEqualTo(newSerial);
    }
  }

  /** One connection all the time. */
  private static Callable<Integer> staying(AtomicBoolean going) {
    return () -> {
      int served = 0;
      try (SSLSocket socket = connected(Certificates.trusting())) {
        BigInteger first = serial(socket);
        while (going.get()) {
          socket.getOutputStream().write(ascii(HEALTH + "\r\n"));
          assertThat(answer(socket)).startsWith("HTTP/1.1 200");
          served++;
        }
        assertThat(serial(socket)).isEqualTo(first);
      }
      return served;
    };
  }

  /** A connection for each request; its session is gone on with where the server knows it. */
  private static Callable<Integer> comingAgain(
      AtomicBoolean going, ConcurrentLinkedQueue<BigInteger> seen) {
    return () -> {
      int served = 0;
      SSLContext context = Certificates.trusting();
      while (going.get()) {
        try (SSLSocket socket = connected(context)) {
          socket.getOutputStream().write(ascii(HEALTH + LAST));
          assertThat(all(socket)).startsWith("HTTP/1.1 200");
          seen.add(serial(socket));
          served++;
        }
      }
      return served;
    };
  }

  /** Who has said farewell is not waited for, as without TLS. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientThatHasGoneIsNoticedWhileItsPictureIsMade(String protocol) throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer gated =
            RunningServer.startWithTools(
                tools.folders(),
                "sandbox",
                "off",
                "abandoned-work-time",
                "0",
                "tls-certificate",
                certificate.toString(),
                "tls-key",
                key.toString())) {
      RequestSpecification https =
          RestAssured.given().relaxedHTTPSValidation().baseUri("https://127.0.0.1");
      Response uploaded =
          https
              .port(gated.port())
              .multiPart("images[]", "picture", Pictures.jpeg(300, 200))
              .post("/image");
      String alias = uploaded.path("files[0].file");
      tools.shut();
      try (LoggedRequests log = LoggedRequests.open()) {
        SSLSocket socket =
            (SSLSocket)
                Certificates.trusting().getSocketFactory().createSocket("127.0.0.1", gated.port());
        socket.setEnabledProtocols(new String[] {protocol});
        socket
            .getOutputStream()
            .write(
                ascii(
                    "GET /image/process.webp?src=%s&resize=50 HTTP/1.1\r\nHost: x\r\n\r\n"
                        .formatted(alias)));
        tools.awaitBusy();
        socket.close();
        log.awaitLine("\" 499 ");
      } finally {
        tools.open();
      }
    }
  }
}
