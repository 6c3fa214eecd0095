package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.ingest.fetch.ConnectProxy;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Fetching from a remote that is here: allowed on one server, refused on the other. */
class DownloadIT {
  private static final byte[] PICTURE = Pictures.png(22, 21);
  private static final Map<String, byte[]> BOMBS =
      Map.of(
          "/bomb/text", Bombs.pngTextBomb(),
          "/bomb/pixels", Bombs.pngHidden(),
          "/bomb/header", Bombs.pngHugeHeader());
  private static RunningServer open;
  private static RunningServer closed;
  private static HttpServer remote;
  private static String base;

  @BeforeAll
  static void start() throws Exception {
    open = RunningServer.start("download-allow-private", "", "max-file-size", "1");
    closed = RunningServer.start();
    remote = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    base = "http://127.0.0.1:" + remote.getAddress().getPort();
    remote.createContext("/picture", exchange -> answer(exchange, 200, PICTURE));
    remote.createContext("/gone", exchange -> answer(exchange, 404, PICTURE));
    remote.createContext("/broken", exchange -> answer(exchange, 500, PICTURE));
    remote.createContext("/empty", exchange -> answer(exchange, 200, new byte[0]));
    remote.createContext(
        "/text", exchange -> answer(exchange, 200, "text".getBytes(StandardCharsets.UTF_8)));
    byte[] large = Arrays.copyOf(PICTURE, (1 << 20) + 1);
    remote.createContext("/large", exchange -> answer(exchange, 200, large));
    remote.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(large);
          exchange.close();
        });
    for (Map.Entry<String, byte[]> bomb : BOMBS.entrySet()) {
      remote.createContext(bomb.getKey(), exchange -> answer(exchange, 200, bomb.getValue()));
    }
    redirect("/moved", base + "/picture");
    redirect("/near", "/picture");
    redirect("/loop", base + "/loop");
    redirect("/file", "file:///etc/passwd");
    remote.start();
  }

  @AfterAll
  static void stop() throws Exception {
    remote.stop(0);
    open.close();
    closed.close();
  }

  private static void redirect(String from, String to) {
    remote.createContext(
        from,
        exchange -> {
          exchange.getResponseHeaders().set("Location", to);
          answer(exchange, 302, new byte[0]);
        });
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/html");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static Response download(RunningServer server, String url) {
    return server.request().get("/image/download?url=" + url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/picture", "/picture?a=1%26b=2", "/moved", "/near"})
  void aPictureElsewhereBecomesOneHere(String path) {
    Response response = download(open, base + path);
    String alias = Replies.alias(response);
    assertThat((List<?>) response.path("files")).hasSize(1);
    assertThat(open.request().get("/image/original/" + alias).asByteArray()).isEqualTo(PICTURE);
  }

  @Test
  void theUrlMayBeEncoded() {
    Replies.alias(
        download(open, base.replace(":", "%3A").replace("/", "%2F") + "%2Fpicture%3Fx%3D1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gone", "/broken", "/empty", "/loop"})
  void aBadRemoteIsABadGateway(String path) {
    refused(download(open, base + path), 502, "download-file-error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gone", "/empty"})
  void whatAnotherServerDoesWrongIsOneLineInTheLog(String path) {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.pictj.http.Errors");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.INFO);
    try {
      download(open, base + path);
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(null);
    }
    ILoggingEvent line = lines.list.getFirst();
    assertThat(lines.list).hasSize(1);
    assertThat(line.getLevel()).isEqualTo(Level.INFO);
    assertThat(line.getThrowableProxy()).isNull();
    assertThat(line.getFormattedMessage()).contains("502 download-file-error: ");
  }

  @Test
  void nobodyThereIsABadGateway() {
    refused(download(open, "http://127.0.0.1:1/x.png"), 502, "download-file-error");
  }

  @Test
  void theBytesAreJudgedLikeThoseOfAnUpload() {
    refused(download(open, base + "/text"), 415, "unsupported-media-type");
    refused(download(open, base + "/large"), 413, "validate-file-size");
    refused(download(open, base + "/endless"), 413, "validate-file-size");
    assertThat(open.leftovers()).isEmpty();
  }

  /** What is small on the wire and large in memory is as harmless from elsewhere as uploaded. */
  @Test
  void aBombFromElsewhereFaresLikeAnUploadedOne() throws IOException {
    for (Map.Entry<String, byte[]> bomb : BOMBS.entrySet()) {
      Response downloaded = download(open, base + bomb.getKey());
      Response uploaded =
          open.request()
              .multiPart("images[]", "a.png", bomb.getValue(), "image/png")
              .post("/image");
      assertThat(downloaded.statusCode())
          .as(bomb.getKey() + ": " + downloaded.asString())
          .isEqualTo(uploaded.statusCode())
          .isBetween(201, 422);
      assertThat((String) downloaded.path("code")).isEqualTo(uploaded.path("code"));
    }
    assertThat(open.leftovers()).isEmpty();
    Replies.alias(download(open, base + "/picture"));
  }

  @Test
  void downloadsGoThroughTheProxyThatIsSet() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy();
        RunningServer server =
            RunningServer.start(
                "download-allow-private",
                "",
                "download-proxy",
                "http://me:secret@localhost:" + proxy.port())) {
      Replies.alias(download(server, base + "/moved"));
      String target = base.substring("http://".length());
      assertThat(proxy.targets()).containsExactly(target, target);
      assertThat(proxy.heads().getFirst()).anyMatch(line -> line.startsWith("Proxy-Authorization"));
    }
  }

  @Test
  void aRedirectLeadsToTheWebOnly() {
    refused(download(open, base + "/file"), 400, "download-forbidden");
  }

  @Test
  void theUrlIsNeeded() {
    refused(open.request().get("/image/download"), 400, "invalid-query");
    refused(open.request().get("/image/download?url="), 400, "invalid-query");
    refused(open.request().get("/image/download?uri=" + base + "/picture"), 400, "invalid-query");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "//host/x", "http://", "/picture", "http:///x", "http://h:x/"})
  void whatIsNoUrlIsRefused(String url) {
    Response response = download(open, url);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
    assertThat((String) response.path("code")).isIn("invalid-query", "download-forbidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:9/",
        "http://127.0.0.1:9/",
        "http://127.1:9/",
        "http://0.0.0.0:9/",
        "http://%5B::1%5D/",
        "http://%5B::ffff:127.0.0.1%5D/"
      })
  void addressesOfTheHouseAreRefused(String url) {
    refused(download(closed, url), 400, "download-forbidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://example.org/x", "data:image/png;base64,AA"})
  void otherSchemesAreRefusedEverywhere(String url) {
    for (RunningServer server : List.of(open, closed)) {
      Response response = download(server, url);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat((String) response.path("code")).isIn("download-forbidden", "invalid-query");
    }
  }

  @Test
  void onlyGetDownloads() {
    Response head = open.request().head("/image/download?url=" + base + "/picture");
    assertThat(head.statusCode()).isEqualTo(405);
    assertThat(head.header("Allow")).isEqualTo("GET, OPTIONS");
    assertThat(open.request().options("/image/download").statusCode()).isEqualTo(204);
  }
}
