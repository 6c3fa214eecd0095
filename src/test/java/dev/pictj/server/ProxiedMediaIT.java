package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.AheadClock;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of other servers, shown by the URL they come from. */
class ProxiedMediaIT {
  /** What the origin answers under a path. */
  private record Answer(int status, byte[] body, Map<String, String> headers) {}

  private static final byte[] PICTURE = Pictures.png(23, 21);
  private static final byte[] OTHER = Pictures.png(24, 21);

  private static final Duration CHECK_INTERVAL = Duration.ofHours(1);
  private static final AheadClock CLOCK = new AheadClock();

  private static ExecutorService threads;
  private static RunningServer server;

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** What it was asked for: the path and the entity tag. */
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private final CountDownLatch held = new CountDownLatch(1);
  private HttpServer origin;

  @BeforeAll
  static void start() {
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server =
        RunningServer.startAt(
            CLOCK,
            "dialect",
            "0.5",
            "download-allow-private",
            "true",
            "proxy-check-interval",
            Long.toString(CHECK_INTERVAL.toSeconds()));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    threads.close();
  }

  /** Each test has its own, on a port of its own. */
  @BeforeEach
  void begin() throws IOException {
    origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.setExecutor(threads);
    origin.createContext("/", this::answer);
    origin.start();
  }

  @AfterEach
  void end() {
    held.countDown();
    origin.stop(0);
    server.purgeAll();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path + " " + exchange.getRequestHeaders().getFirst("If-None-Match"));
    if (path.startsWith("/held")) {
      try {
        held.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    Answer answer = answers.getOrDefault(path, new Answer(404, new byte[0], Map.of()));
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.close();
  }

  private void gives(String path, byte[] body, String... headers) {
    Map<String, String> all = new ConcurrentHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    answers.put(path, new Answer(200, body, all));
  }

  private void says(String path, int status) {
    answers.put(path, new Answer(status, new byte[0], Map.of()));
  }

  private String query(String path) {
    return "?proxy=http://127.0.0.1:" + origin.getAddress().getPort() + path;
  }

  private Response original(String path) {
    return original(server, path);
  }

  private Response original(RunningServer from, String path) {
    return from.request().get("/image/original" + query(path));
  }

  private void shows(String path, byte[] picture) {
    Response response = original(path);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.asByteArray()).isEqualTo(picture);
  }

  private List<String> aliases(String path) {
    return server.admin().get("/internal/aliases" + query(path)).path("aliases");
  }

  /** Asks when the origin is due to be asked once more. */
  private void askWhenDue(String path) {
    int before = asked.size();
    CLOCK.pass(CHECK_INTERVAL);
    assertThat(original(path).statusCode()).isPositive();
    assertThat(asked).hasSize(before + 1);
  }

  @Test
  void manyWhoAskAtOnceCauseOneFetch() {
    gives("/held", PICTURE);
    List<CompletableFuture<Response>> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(CompletableFuture.supplyAsync(() -> original("/held"), threads));
    }
    await().until(() -> asked.size() == 1);
    held.countDown();
    for (CompletableFuture<Response> one : all) {
      assertThat(one.join().statusCode()).isEqualTo(200);
      assertThat(one.join().asByteArray()).isEqualTo(PICTURE);
    }
    assertThat(asked).hasSize(1);
    assertThat(aliases("/held")).hasSize(1);
  }

  @Test
  void allRoutesKnowWhatWasFetched() {
    refused(server.request().get("/image/details/original" + query("/a")), 404, "proxy-not-found");
    assertThat(server.request().head("/image/original" + query("/a")).statusCode()).isEqualTo(404);
    assertThat(asked).isEmpty();
    gives("/a", PICTURE);
    shows("/a", PICTURE);
    Response details = server.request().get("/image/details/original" + query("/a"));
    assertThat((Integer) details.path("width")).isEqualTo(23);
    assertThat(server.request().head("/image/original" + query("/a")).statusCode()).isEqualTo(200);
    Response variant = server.request().get("/image/process.webp" + query("/a") + "&resize=9");
    assertThat(variant.statusCode()).isEqualTo(200);
    assertThat(variant.contentType()).isEqualTo("image/webp");
    assertThat(asked).hasSize(1);
    assertThat((String) server.request().get("/image/blurhash" + query("/a")).path("blurhash"))
        .isNotEmpty();
  }

  @Test
  void aUrlOfAnAlbumMayBeWrittenAsItIsOrEncoded() {
    gives("/a", PICTURE);
    shows("/a", PICTURE);
    String encoded = query("/a").substring("?proxy=".length());
    encoded = encoded.replace(":", "%3A").replace("/", "%2F");
    assertThat(server.request().get("/image/original?proxy=" + encoded).statusCode())
        .isEqualTo(200);
    assertThat(asked).hasSize(1);
  }

  @Test
  void anOriginIsAskedWhetherItHasChanged() {
    gives("/a", PICTURE, "ETag", "\"1\"");
    shows("/a", PICTURE);
    final List<String> first = aliases("/a");
    says("/a", 304);
    askWhenDue("/a");
    assertThat(asked.getLast()).isEqualTo("/a \"1\"");
    shows("/a", PICTURE);
    assertThat(aliases("/a")).isEqualTo(first);

    gives("/a", OTHER, "ETag", "\"2\"");
    askWhenDue("/a");
    shows("/a", OTHER);
    assertThat(aliases("/a")).hasSize(1).doesNotContainAnyElementsOf(first);
    assertThat(server.request().get("/image/original/" + first.getFirst()).statusCode())
        .isEqualTo(404);
    await().untilAsserted(() -> assertThat(server.stored()).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410, 451})
  void whatItsOriginHasNoMoreGoes(int status) {
    gives("/a", PICTURE);
    shows("/a", PICTURE);
    final String alias = aliases("/a").getFirst();
    says("/a", status);
    askWhenDue("/a");
    refused(original("/a"), 502, "download-file-error");
    refused(server.request().get("/image/details/original" + query("/a")), 404, "proxy-not-found");
    assertThat(server.request().get("/image/original/" + alias).statusCode()).isEqualTo(404);
    await().untilAsserted(() -> assertThat(server.stored()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 403, 429})
  void anOriginThatFailsChangesNothing(int status) {
    gives("/a", PICTURE);
    shows("/a", PICTURE);
    says("/a", status);
    askWhenDue("/a");
    shows("/a", PICTURE);
  }

  @Test
  void whatIsNoPictureTakesThePlaceOfNone() {
    gives("/a", PICTURE);
    shows("/a", PICTURE);
    gives("/a", "<html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    askWhenDue("/a");
    shows("/a", PICTURE);
  }

  @Test
  void anOriginOutOfReachChangesNothing() {
    gives("/a", PICTURE);
    shows("/a", PICTURE);
    origin.stop(0);
    for (int i = 0; i < 3; i++) {
      CLOCK.pass(CHECK_INTERVAL);
      shows("/a", PICTURE);
    }
  }

  /** RFC 9111, section 5.2.2.5. */
  @Test
  void whatNobodyMayKeepIsAskedForEachTimeAndNobodyIsToldToKeepIt() {
    gives("/a", PICTURE, "Cache-Control", "no-store");
    shows("/a", PICTURE);
    shows("/a", PICTURE);
    assertThat(asked).containsExactly("/a null", "/a null");
    assertThat(original("/a").header("Cache-Control")).isEqualTo("no-store");
    for (String route : List.of("details/original", "blurhash", "details/process.webp")) {
      assertThat(server.request().get("/image/" + route + query("/a")).header("Cache-Control"))
          .as(route)
          .isEqualTo("no-store");
    }
    assertThat(server.request().get("/image/process.webp" + query("/a")).header("Cache-Control"))
        .isEqualTo("no-store");
    String alias = alias(server, "/a");
    for (String route :
        List.of(
            "original/" + alias,
            "original?alias=" + alias,
            "process.webp?src=" + alias,
            "details/original/" + alias,
            "blurhash?alias=" + alias)) {
      assertThat(server.request().get("/image/" + route).header("Cache-Control"))
          .as(route)
          .isEqualTo("no-store");
    }
    // The same bytes by another name are everybody's.
    String uploaded = server.accepted(PICTURE);
    assertThat(server.request().get("/image/original/" + uploaded).header("Cache-Control"))
        .contains("public");
    asked.clear();
    gives("/a", OTHER);
    shows("/a", OTHER);
    shows("/a", OTHER);
    assertThat(asked).hasSize(1);
    assertThat(original("/a").header("Cache-Control")).contains("public");
  }

  private String alias(RunningServer from, String path) {
    return from.admin().get("/internal/aliases" + query(path)).path("aliases[0]");
  }

  @Test
  void whatNobodyMayKeepIsKnownAfterAStart() throws Exception {
    gives("/a", PICTURE, "Cache-Control", "no-store");
    RunningServer first = RunningServer.start("dialect", "0.5", "download-allow-private", "true");
    assertThat(original(first, "/a").statusCode()).isEqualTo(200);
    String alias = alias(first, "/a");
    try (RunningServer again = first.restarted("dialect", "0.5")) {
      Response shown = again.request().get("/image/original/" + alias);
      assertThat(shown.statusCode()).isEqualTo(200);
      assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  void aPictureThatIsDeletedIsFetchedAnew() {
    gives("/a", PICTURE);
    shows("/a", PICTURE);
    assertThat(server.admin().post("/internal/purge" + query("/a")).statusCode()).isEqualTo(200);
    refused(server.admin().post("/internal/purge" + query("/a")), 404, "proxy-not-found");
    shows("/a", PICTURE);
    assertThat(asked).hasSize(2);
  }

  @Test
  void theGuardOfDownloadsHolds() throws IOException {
    gives("/a", PICTURE);
    try (RunningServer guarded = RunningServer.start("dialect", "0.5")) {
      for (String route : List.of("/image/original", "/image/process.webp")) {
        refused(guarded.request().get(route + query("/a")), 400, "download-file-error");
      }
      for (String bad : List.of("abc", "", "//x")) {
        refused(
            guarded.request().get("/image/original?proxy=" + bad + "&x=1"), 400, "invalid-query");
      }
      assertThat(guarded.stored()).isEmpty();
    }
    assertThat(asked).isEmpty();
  }

  /** Else a server that leads back here would have it wait for itself. */
  @Test
  void whoFetchesForOthersIsGivenWhatIsKnownAlone() {
    gives("/a", PICTURE);
    for (String route : List.of("/image/original", "/image/process.png", "/image/blurhash")) {
      refused(
          server.request().header("CDN-Loop", "other, pictj").get(route + query("/a")),
          400,
          "download-file-error");
    }
    assertThat(asked).isEmpty();
    shows("/a", PICTURE);
    Response known =
        server.request().header("CDN-Loop", "pictj").get("/image/original" + query("/a"));
    assertThat(known.asByteArray()).isEqualTo(PICTURE);
  }

  @Test
  void aServerThatOnlyReadsFetchesNothing() throws IOException {
    gives("/a", PICTURE);
    gives("/b", OTHER);
    RunningServer writing = RunningServer.start("dialect", "0.5", "download-allow-private", "");
    assertThat(original(writing, "/a").statusCode()).isEqualTo(200);
    try (RunningServer reading =
        writing.restarted("dialect", "0.5", "download-allow-private", "", "read-only", "")) {
      assertThat(original(reading, "/a").asByteArray()).isEqualTo(PICTURE);
      refused(original(reading, "/b"), 400, "read-only");
    }
    assertThat(asked).hasSize(1);
  }
}
