package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that is refused before it is done, or is not done twice; counted by the tools' starts. */
@Timeout(120)
class AdmissionIT {
  private static final String DQT = "\u00FF\u00DB";
  private static final String BLUR = "&blur=1";

  private static String processed(String alias, String operations) {
    return "/image/process.png?src=" + alias + operations;
  }

  private static void assertTooExpensive(Response response) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(422);
    assertThat(response.jsonPath().getString("code")).isEqualTo("media-too-expensive");
  }

  /** One with little cost for each second stands for a default one with 40 megapixels. */
  @Test
  void aChainThatCannotBeDoneInTimeIsRefusedAtOnce() throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer server =
            RunningServer.startWithTools(
                tools.folders(), "sandbox", "off", "image-cost-rate", "1");
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      String large = server.accepted(Pictures.jpeg(1000, 1000));
      String small = server.accepted(Pictures.jpeg(300, 200));
      // Whatever is admitted from now on would wait for ever.
      tools.shutFor("filter:sigma");
      List<CompletableFuture<Response>> blurs =
          server.getAll(
              pool,
              IntStream.range(0, 100)
                  .mapToObj(i -> processed(large, BLUR.repeat(9) + "&blur=1." + i)));
      for (CompletableFuture<Response> blur : blurs) {
        Response refused = blur.get();
        assertTooExpensive(refused);
        assertThat(refused.asString()).contains("over the limit of 30 megapixels");
      }
      Response thumbnail = server.request().get(processed(small, "&thumbnail=64"));
      assertThat(thumbnail.statusCode()).isEqualTo(200);
      assertThat(tools.busy()).isFalse();
      tools.open();
    }
  }

  @Test
  void aVariantThatFailedForItsCostIsNotTriedAgain() throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer server =
            RunningServer.startWithTools(
                tools.folders(), "sandbox", "off", "tool-output-size", "1")) {
      String noise = server.accepted(Pictures.jpeg(1500, 1200));
      String variant = processed(noise, "&crop=1x1");
      assertTooExpensive(server.request().get(variant));
      long runs = tools.runs();
      assertThat(runs).isPositive();
      for (int i = 0; i < 5; i++) {
        assertTooExpensive(server.request().get(variant));
        assertTooExpensive(server.request().get(variant.replace("/process", "/details/process")));
      }
      assertThat(tools.runs()).isEqualTo(runs);
      assertThat(server.request().get(processed(noise, "&thumbnail=50")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void anUploadThatFailedIsNotTriedAgain() throws Exception {
    // Its tables of quantisation look like something that nobody needs.
    byte[] damaged = Pictures.jpeg(60, 40);
    for (int at = Bytes.find(damaged, DQT); at >= 0; at = Bytes.find(damaged, DQT)) {
      damaged[at + 1] = (byte) 0xEF;
    }
    try (GatedTools tools = new GatedTools();
        RunningServer server = RunningServer.startWithTools(tools.folders(), "sandbox", "off")) {
      String first = server.upload(damaged).asString();
      assertThat(first).contains("invalid-media");
      long runs = tools.runs();
      assertThat(runs).isPositive();
      for (int i = 0; i < 3; i++) {
        Response again = server.upload(damaged);
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.asString()).isEqualTo(first);
      }
      assertThat(tools.runs()).isEqualTo(runs);
      assertThat(server.upload(Pictures.jpeg(60, 40)).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void whatWasRefusedForOverloadIsMadeLater() throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer server =
            RunningServer.startWithTools(
                tools.folders(), "sandbox", "off", "image-jobs", "1", "image-queue", "0");
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      String alias = server.accepted(Pictures.jpeg(300, 200));
      byte[] other = Pictures.png(31, 17);
      tools.shut();
      CompletableFuture<Response> running =
          CompletableFuture.supplyAsync(
              () -> server.request().get(processed(alias, "&resize=90")), pool);
      tools.awaitBusy();
      Response refused = server.request().get(processed(alias, "&resize=91"));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isNotBlank();
      assertThat(server.upload(other).statusCode()).isEqualTo(503);
      tools.open();
      assertThat(running.get().statusCode()).isEqualTo(200);
      assertThat(server.request().get(processed(alias, "&resize=91")).statusCode()).isEqualTo(200);
      assertThat(server.upload(other).statusCode()).isEqualTo(201);
    }
  }

  /** Behind a trusted proxy, where every client has an address of its own. */
  @Test
  void oneClientCannotTakeTheQueueFromAnother() throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer server =
            RunningServer.startWithTools(
                tools.folders(),
                "sandbox",
                "off",
                "image-jobs",
                "1",
                "image-queue",
                "8",
                "trusted-proxies",
                "127.0.0.1");
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      String alias = server.accepted(Pictures.jpeg(300, 200));
      tools.shut();
      List<CompletableFuture<Response>> greedy =
          IntStream.range(0, 30)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () ->
                              server
                                  .request()
                                  .header("X-Forwarded-For", "203.0.113.7")
                                  .get(processed(alias, "&resize=" + (20 + i))),
                          pool))
              .toList();
      // All places that one may have are taken when the rest has been refused.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> greedy.stream().filter(CompletableFuture::isDone).count() == 30 - 7);
      List<CompletableFuture<Response>> modest =
          IntStream.range(0, 2)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () ->
                              server
                                  .request()
                                  .header("X-Forwarded-For", "2001:db8::" + i)
                                  .get(processed(alias, "&resize=" + (80 + i))),
                          pool))
              .toList();
      // Two more of the first one have made room.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> greedy.stream().filter(CompletableFuture::isDone).count() == 30 - 5);
      tools.open();
      for (CompletableFuture<Response> one : modest) {
        assertThat(one.get().statusCode()).isEqualTo(200);
      }
      for (CompletableFuture<Response> one : greedy) {
        assertThat(one.get().statusCode()).isIn(200, 503);
      }
    }
  }
}
