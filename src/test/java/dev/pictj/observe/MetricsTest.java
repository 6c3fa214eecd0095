package dev.pictj.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void peopleSeePicturesFirstInWholeNumbers() {
    try (Metrics metrics = new Metrics()) {
      metrics.addProcess();
      metrics.gauge("pictj.zebras", "Of no place", 5, Integer::doubleValue);
      metrics.gauge("pictj.disk.free.bytes", "Room", 3_000_000_000L, Long::doubleValue);
      metrics.counter("pictj.image.jobs.busy.seconds", "Time", 2, Integer::doubleValue);
      for (String kind : List.of("variant", "original")) {
        metrics.gauge("pictj.stored.bytes", "Size", 7, Integer::doubleValue, "kind", kind);
      }
      metrics.gauge("pictj.media", "Files", 4, Integer::doubleValue);
      metrics.answered("GET", "/version", 200, Duration.ofSeconds(1).toNanos());

      Map<String, Object> told = metrics.figures();

      assertThat(told.keySet())
          .startsWith(
              "media",
              "stored_bytes",
              "http_requests",
              "image_jobs_busy_seconds",
              "disk_free_bytes",
              "zebras",
              "process_cpu_seconds");
      assertThat(told.keySet()).last().asString().startsWith("jvm_");
      assertThat(told)
          .containsEntry("media", 4L)
          .containsEntry("disk_free_bytes", 3_000_000_000L)
          .containsEntry("image_jobs_busy_seconds", 2.0)
          .containsEntry(
              "stored_bytes",
              List.of(
                  Map.of("kind", "original", "value", 7L), Map.of("kind", "variant", "value", 7L)));
      assertThat(told.get("http_requests"))
          .isEqualTo(
              List.of(
                  Map.of(
                      "method",
                      "GET",
                      "route",
                      "/version",
                      "status",
                      "200",
                      "count",
                      1L,
                      "total",
                      1.0,
                      "max",
                      1.0)));
    }
  }
}
