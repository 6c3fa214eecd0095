package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of the administrator's that is asked about each file, on loopback without leave. */
class ExternalValidationIT {
  /** What the validator was sent. */
  private record Seen(String method, String type, byte[] body) {}

  private static final List<Seen> SEEN = new CopyOnWriteArrayList<>();
  private static final CountDownLatch LATE = new CountDownLatch(1);
  private static ExecutorService threads;
  private static HttpServer validator;
  private static RunningServer server;
  private static volatile int status;

  @BeforeAll
  static void start() throws IOException {
    validator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newVirtualThreadPerTaskExecutor();
    validator.setExecutor(threads);
    validator.createContext(
        "/check",
        exchange -> {
          SEEN.add(
              new Seen(
                  exchange.getRequestMethod(),
                  exchange.getRequestHeaders().getFirst("Content-Type"),
                  exchange.getRequestBody().readAllBytes()));
          exchange.getResponseHeaders().set("Location", url());
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    validator.createContext(
        "/late",
        _ -> {
          try {
            LATE.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    validator.start();
    server = server(url());
  }

  @AfterAll
  static void stop() throws IOException {
    LATE.countDown();
    server.close();
    validator.stop(0);
    threads.close();
  }

  @BeforeEach
  void forget() {
    status = 200;
    SEEN.clear();
  }

  private static String url() {
    return "http://127.0.0.1:" + validator.getAddress().getPort() + "/check";
  }

  private static RunningServer server(String url, String... more) {
    String[] options = new String[more.length + 4];
    System.arraycopy(more, 0, options, 4, more.length);
    options[0] = "dialect";
    options[1] = "0.5";
    options[2] = "external-validation";
    options[3] = url;
    return RunningServer.start(options);
  }

  /** The bytes that will be stored, without what was taken off them, and their type. */
  @Test
  void itSeesWhatWouldBeStored() {
    byte[] chatty = PngChunks.withText(Pictures.png(31, 17));
    String alias = server.accepted(chatty);
    assertThat(SEEN).hasSize(1);
    assertThat(SEEN.getFirst().method()).isEqualTo("POST");
    assertThat(SEEN.getFirst().type()).isEqualTo("image/png");
    assertThat(SEEN.getFirst().body())
        .isEqualTo(server.request().get("/image/original/" + alias).asByteArray());
    assertThat(SEEN.getFirst().body()).hasSizeLessThan(chatty.length);
    // What is known already is asked about as well: minds change.
    server.accepted(chatty);
    assertThat(SEEN).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 304, 400, 403, 404, 500})
  void anythingButSuccessRefuses(int answer) {
    status = answer;
    List<Path> before = server.stored();
    refused(server.upload(Pictures.png(32, 17)), 400, "failed-external-validation");
    assertThat(server.stored()).hasSameElementsAs(before);
    assertThat(SEEN).hasSize(1);
    String id =
        server
            .request()
            .multiPart("images[]", "a.png", Pictures.png(33, 17))
            .post("/image/backgrounded")
            .path("uploads[0].upload_id");
    Response claim = server.request().get("/image/backgrounded/claim?upload_id=" + id);
    assertThat(claim.statusCode()).isEqualTo(422);
    assertThat((String) claim.path("code")).isEqualTo("failed-external-validation");
  }

  @Test
  void anySuccessAccepts() {
    status = 204;
    server.accepted(Pictures.png(34, 17));
  }

  @Test
  void whenItIsAwayNothingIsTaken() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String away = "http://127.0.0.1:" + port + "/";
    try (RunningServer strict = server(away)) {
      refused(strict.upload(Pictures.png(35, 17)), 502, "http-client-error");
      assertThat(strict.stored()).isEmpty();
    }
    try (RunningServer open = server(away, "external-validation-fail-open", "true")) {
      open.accepted(Pictures.png(35, 17));
    }
  }

  @Test
  void whenItIsLateNothingIsTaken() throws IOException {
    String url = url().replace("/check", "/late");
    try (RunningServer hurried = server(url, "external-validation-timeout", "1")) {
      Response response = hurried.upload(Pictures.png(36, 17));
      refused(response, 504, "http-client-error");
      assertThat((String) response.path("msg")).contains("1 s");
    }
  }

  @Test
  void itIsNotFollowedElsewhere() {
    status = 307;
    refused(server.upload(Pictures.png(37, 17)), 400, "failed-external-validation");
    assertThat(SEEN).hasSize(1);
  }
}
