package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of a running server, to Prometheus and to people. */
@Timeout(120)
class MetricsIT {
  private static RunningServer server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server = RunningServer.start("metrics-addr", "127.0.0.1:" + port);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static String scrape() {
    Response told = RestAssured.get("http://127.0.0.1:" + port + "/metrics");
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.contentType()).startsWith("text/plain; version=0.0.4");
    return told.asString();
  }

  /** The value of one line, which must be there. */
  private static double value(String scraped, String line) {
    return scraped
        .lines()
        .filter(one -> one.startsWith(line + " "))
        .mapToDouble(one -> Double.parseDouble(one.substring(line.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  @Test
  void prometheusSeesWhatIsDone() {
    String before = scrape();
    String alias =
        Replies.alias(
            server.request().multiPart("images[]", "a.png", Pictures.png(64, 48)).post("/image"));
    String variant = "/image/process.webp?src=" + alias + "&thumbnail=16";
    for (int i = 0; i < 3; i++) {
      assertThat(server.request().get(variant).statusCode()).isEqualTo(200);
    }
    server.request().get("/image/original/" + alias);
    server.request().get("/made/up/" + alias);

    // A request is counted when all of its answer has been sent.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertCounted(before, scrape(), alias));
  }

  private static void assertCounted(String before, String after, String alias) {
    Map<String, Integer> expected =
        Map.of(
            "pictj_http_requests_seconds_count{method=\"POST\",route=\"/image\",status=\"201\"}", 1,
            "pictj_http_requests_seconds_count{method=\"GET\",route=\"/image/process.{ext}\",status=\"200\"}",
                3,
            "pictj_http_requests_seconds_count{method=\"GET\",route=\"/image/original/{alias}\",status=\"200\"}",
                1,
            "pictj_http_requests_seconds_count{method=\"GET\",route=\"other\",status=\"404\"}", 1,
            "pictj_aliases", 1,
            "pictj_media", 1,
            "pictj_variants", 1,
            "pictj_variants_made_total", 1);
    expected.forEach(
        (line, more) ->
            assertThat(value(after, line) - value(before, line))
                .as(line)
                .isEqualTo(more.doubleValue()));
    for (String kind : List.of("original", "variant")) {
      String line = "pictj_stored_bytes{kind=\"" + kind + "\"}";
      assertThat(value(after, line)).as(line).isGreaterThan(value(before, line));
    }
    assertThat(value(after, "pictj_disk_free_bytes")).isPositive();
    assertThat(value(after, "pictj_image_jobs_running{lane=\"small\"}")).isZero();
    assertThat(
            value(after, "pictj_image_jobs_ended_total{lane=\"small\"}")
                - value(before, "pictj_image_jobs_ended_total{lane=\"small\"}"))
        .isGreaterThanOrEqualTo(1);
    assertThat(after)
        .contains("jvm_memory_used_bytes{", "process_uptime_seconds ", "process_cpu_seconds_total ")
        .doesNotContain(alias);
  }

  @Test
  void nothingElseIsThere() {
    String root = "http://127.0.0.1:" + port;
    assertThat(RestAssured.get(root + "/").statusCode()).isEqualTo(404);
    assertThat(RestAssured.get(root + "/internal/stats").statusCode()).isEqualTo(404);
    assertThat(RestAssured.given().post(root + "/metrics").statusCode()).isEqualTo(404);
    assertThat(server.request().get("/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void peopleSeeTheSameWithTheKeyOnly() {
    assertThat(server.request().get("/internal/stats").statusCode()).isEqualTo(401);
    server.request().get("/healthz");
    await().atMost(Duration.ofSeconds(30)).untilAsserted(MetricsIT::assertToldToPeople);
  }

  private static void assertToldToPeople() {
    Response told = server.admin().get("/internal/stats");
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.<Number>path("disk_free_bytes").doubleValue()).isPositive();
    List<Map<String, Object>> requests = told.path("http_requests");
    assertThat(requests)
        .anySatisfy(
            one ->
                assertThat(one)
                    .containsEntry("route", "/healthz")
                    .containsEntry("method", "GET")
                    .containsEntry("status", "200")
                    .containsKey("count"));
  }
}
