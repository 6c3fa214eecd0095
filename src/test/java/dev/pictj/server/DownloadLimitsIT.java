package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.ingest.fetch.ConnectProxy;
import dev.pictj.ingest.fetch.HostileServer;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Downloads are bounded: in their number, by their clients' patience, and they run in no circle.
 */
@Timeout(60)
class DownloadLimitsIT {
  private static final byte[] PICTURE = Pictures.png(22, 21);
  private static final byte[] NONE = {};
  private static final Duration CONDITION_TIMEOUT = Duration.ofSeconds(15);

  private static RunningServer server;

  private HostileServer remote;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            "download-allow-private", "", "max-downloads", "2", "download-timeout", "50");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void listen() throws IOException {
    remote = new HostileServer();
    remote.on("/picture", "HTTP/1.1 200 OK\r\nContent-Length: " + PICTURE.length, PICTURE);
  }

  @AfterEach
  void hangUp() throws IOException {
    remote.close();
  }

  private static String downloadUrl(RunningServer server, String url) {
    return "http://127.0.0.1:%d/image/download?url=%s"
        .formatted(server.port(), URLEncoder.encode(url, StandardCharsets.UTF_8));
  }

  private static Response download(RunningServer server, String url) {
    return server.request().get(downloadUrl(server, url));
  }

  private void redirect(String path, String to) {
    remote.on(path, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + to, NONE);
  }

  private static void stoppedAtTheFirstTurn(Response response) {
    refused(response, 502, "download-file-error");
    assertThat((String) response.path("msg")).contains("400 Bad Request");
  }

  @Test
  void aRedirectToADownloadEndsAtTheFirstTurn() {
    redirect("/again", downloadUrl(server, remote.url("/again")));
    stoppedAtTheFirstTurn(download(server, remote.url("/again")));
    assertThat(remote.requests()).hasSize(1);
  }

  @Test
  void aDownloadOfADownloadEndsAtTheFirstTurn() {
    stoppedAtTheFirstTurn(
        download(server, downloadUrl(server, downloadUrl(server, remote.url("/picture")))));
    assertThat(remote.requests()).isEmpty();
  }

  @Test
  void aCircleOverTwoServersEndsAtTheFirstTurn() throws IOException {
    try (RunningServer other = RunningServer.start("download-allow-private", "")) {
      redirect("/again", downloadUrl(other, remote.url("/there")));
      redirect("/there", downloadUrl(server, remote.url("/again")));
      stoppedAtTheFirstTurn(download(server, remote.url("/again")));
      assertThat(remote.requests()).hasSize(1);
    }
  }

  @Test
  void aCircleThroughTheProxyEndsAtTheFirstTurn() throws IOException {
    try (ConnectProxy proxy = new ConnectProxy();
        RunningServer proxied =
            RunningServer.start(
                "download-allow-private",
                "",
                "download-proxy",
                "http://127.0.0.1:" + proxy.port())) {
      redirect("/again", downloadUrl(proxied, remote.url("/again")));
      stoppedAtTheFirstTurn(download(proxied, remote.url("/again")));
      assertThat(remote.requests()).hasSize(1);
      assertThat(proxy.targets()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pictj|400",
        "PICTJ|400",
        "pictj; hop=1|400",
        "cloudflare; loops=1, pictj|400",
        "pictj,other|400",
        "cloudflare; subreqs=1|201",
        "pictjx, x-pictj|201",
        "''|201"
      })
  void theLoopIsSeenByItsHeader(String value, int status) {
    Response response =
        server.request().header("CDN-Loop", value).get(downloadUrl(server, remote.url("/picture")));
    if (status == 201) {
      Replies.alias(response);
    } else {
      refused(response, status, "download-forbidden");
    }
  }

  @Test
  void theHeaderMayBeSentTwiceAndMattersToDownloadsOnly() {
    String alias = server.accepted(PICTURE);
    refused(
        server
            .request()
            .header("CDN-Loop", "a", "pictj")
            .get(downloadUrl(server, remote.url("/picture"))),
        400,
        "download-forbidden");
    assertThat(
            server
                .request()
                .header("CDN-Loop", "pictj")
                .get("/image/original/" + alias)
                .statusCode())
        .isEqualTo(200);
  }

  private Socket ask(String path) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    String target = "/image/download?url=" + remote.url(path);
    socket.getOutputStream().write(Wire.ascii("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    return socket;
  }

  private void awaitConnections(int count) {
    await().atMost(CONDITION_TIMEOUT).until(() -> remote.openConnections() == count);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 O",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"
      })
  void aFetchEndsWithItsClient(String sent) throws Exception {
    remote.stallAfter("/stall", sent);
    Socket client = ask("/stall");
    awaitConnections(1);
    client.close();
    awaitConnections(0);
    await().atMost(CONDITION_TIMEOUT).until(() -> server.leftovers().isEmpty());
  }

  @Test
  void aFetchEndsWithItsClientAfterARedirectToo() throws Exception {
    redirect("/on", "/stall");
    remote.stallAfter("/stall", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
    Socket client = ask("/on");
    await().atMost(CONDITION_TIMEOUT).until(() -> remote.requests().size() == 2);
    client.close();
    awaitConnections(0);
  }

  @Test
  void beyondTheirNumberDownloadsAreRefusedAndNothingElse() throws Exception {
    remote.stallAfter("/stall", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      clients.add(ask("/stall"));
    }
    await().atMost(CONDITION_TIMEOUT).until(() -> remote.requests().size() == 2);

    Response refusal = download(server, remote.url("/picture"));
    refused(refusal, 503, "overloaded");
    assertThat((String) refusal.path("msg")).contains("2 downloads");
    assertThat(Integer.parseInt(refusal.header("Retry-After"))).isPositive();
    refused(download(server, "http://me@127.0.0.1/"), 400, "download-forbidden");
    String alias = server.accepted(PICTURE);
    assertThat(server.request().get("/image/original/" + alias).statusCode()).isEqualTo(200);

    for (Socket client : clients) {
      client.close();
    }
    await()
        .atMost(CONDITION_TIMEOUT)
        .until(() -> download(server, remote.url("/picture")).statusCode() == 201);
    assertThat(remote.requests().stream().filter(head -> head.getFirst().contains("/picture")))
        .hasSize(1);
  }

  @Test
  void theUrlIsReadAsBrowsersReadIt() {
    remote.on(
        "/a%20b%7Cc/%C3%A4.png?x=[1]|2",
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /d e|f/\u00c3\u00a4?\u00c3\u00b6",
        NONE);
    remote.on(
        "/d%20e%7Cf/%C3%A4?%C3%B6",
        "HTTP/1.1 200 OK\r\nContent-Length: " + PICTURE.length, PICTURE);
    String written = " " + remote.url("/x/../a b|c\\ä.png?x=[1]|2") + "#part ";
    for (String url : List.of(written, written.replace("127.0.0.1", "2130706433"))) {
      Replies.alias(download(server, url));
    }
    assertThat(remote.requests()).hasSize(4);
  }
}
