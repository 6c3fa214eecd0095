package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose every slot for image work is taken, because the tools wait behind a gate. */
@Timeout(60)
class OverloadIT {
  @Test
  void whatIsStoredIsServedWhileAllSlotsAreTaken() throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer server =
            RunningServer.startWithTools(
                tools.folders(), "sandbox", "off", "image-jobs", "1", "image-queue", "0");
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      String alias = server.accepted(Pictures.jpeg(300, 200));
      String variant = "/image/process.webp?src=" + alias + "&thumbnail=64";
      assertThat(server.request().get(variant).statusCode()).isEqualTo(200);
      tools.shut();
      CompletableFuture<Response> rendering =
          CompletableFuture.supplyAsync(
              () -> server.request().get("/image/process.png?src=" + alias + "&resize=90"), pool);
      tools.awaitBusy();

      for (String path :
          List.of(
              "/image/original/" + alias,
              "/image/details/original/" + alias,
              variant,
              "/image/details/process.webp?src=" + alias + "&thumbnail=64",
              "/healthz")) {
        Response response =
            CompletableFuture.supplyAsync(() -> server.request().get(path), pool)
                .get(2, TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
      }
      Response refused = server.request().get("/image/process.png?src=" + alias + "&resize=91");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
      assertThat(server.upload(Pictures.png(5, 5)).statusCode()).isEqualTo(503);

      assertThat(rendering.isDone()).isFalse();
      tools.open();
      assertThat(rendering.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(server.upload(Pictures.png(5, 5)).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void aThumbnailIsMadeWhileALargeConversionRunsAndOthersWait() throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer server =
            RunningServer.startWithTools(
                tools.folders(), "image-jobs", "2", "image-small-cost", "1", "sandbox", "off");
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      String large = server.accepted(Pictures.jpeg(2000, 1500));
      String small = server.accepted(Pictures.jpeg(400, 300));
      tools.shutFor("filter:sigma");
      List<CompletableFuture<Response>> conversions =
          server.getAll(
              pool,
              IntStream.range(2, 6)
                  .mapToObj(blur -> "/image/process.png?src=" + large + "&blur=" + blur));
      tools.awaitBusy();
      Response thumbnail =
          server.request().get("/image/process.webp?src=" + small + "&thumbnail=64");
      assertThat(thumbnail.statusCode()).isEqualTo(200);
      assertThat(conversions).noneMatch(CompletableFuture::isDone);
      tools.open();
      for (CompletableFuture<Response> conversion : conversions) {
        assertThat(conversion.get(50, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void theFilesOfOneUploadKeepTheirOrderAndShareTheirFate() throws Exception {
    try (RunningServer server = RunningServer.start("image-jobs", "3")) {
      var whole = server.request();
      for (int i = 0; i < 9; i++) {
        whole.multiPart("images[]", "p" + i, Pictures.png(900 - 100 * i, 20 + i));
      }
      Response stored = whole.post("/image");
      assertThat(stored.statusCode()).as(stored.asString()).isEqualTo(201);
      assertThat(stored.jsonPath().getList("files.details.height", Integer.class))
          .containsExactly(20, 21, 22, 23, 24, 25, 26, 27, 28);
      int before = server.stored().size();

      var broken = server.request();
      for (int i = 0; i < 5; i++) {
        broken.multiPart("images[]", "p" + i, i < 3 ? Pictures.png(700 + i, 30) : new byte[] {1});
      }
      Response refused = broken.post("/image");
      assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(415);
      assertThat(server.stored()).hasSize(before);
      assertThat(server.leftovers()).isEmpty();
    }
  }
}
