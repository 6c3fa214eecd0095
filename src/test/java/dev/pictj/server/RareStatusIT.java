package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The rows of the status table that a healthy server with default settings seldom shows. */
class RareStatusIT {
  @Test
  void aBodyThatStopsArrivingAnswers408() throws Exception {
    try (RunningServer server = RunningServer.start("idle-timeout", "1");
        Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      String start =
          "POST /image HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
              + "Content-Length: 5000000\r\n\r\n--b\r\nContent-Disposition: form-data;"
              + " name=\"images[]\"; filename=\"x\"\r\n\r\nabc";
      socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 408")
          .contains("\"code\":\"stream-too-slow\"");
      // The parser drops what it had spooled once the reply is out.
      await().atMost(Duration.ofSeconds(5)).until(() -> server.leftovers().isEmpty());
    }
  }

  @Test
  void moreWorkThanMayWaitAnswers503() throws Exception {
    try (RunningServer server = RunningServer.start("image-jobs", "1", "image-queue", "0");
        ExecutorService pool = Executors.newSingleThreadExecutor()) {
      String alias = server.accepted(Pictures.jpeg(3000, 2000));
      String slow = "/image/process.png?src=" + alias + "&blur=1&blur=1&blur=1&blur=1";
      Future<Response> rendering = pool.submit(() -> server.request().get(slow));
      byte[] small = Pictures.png(5, 5);
      Response upload = server.upload(small);
      while (upload.statusCode() == 201 && !rendering.isDone()) {
        upload = server.upload(small);
      }
      // One of the two had the only place while the other asked for it; either may have been first.
      Response rendered = rendering.get();
      boolean uploadRefused = upload.statusCode() == 503;
      Response refused = uploadRefused ? upload : rendered;
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat((String) refused.path("code")).isEqualTo("overloaded");
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
      assertThat((uploadRefused ? rendered : upload).statusCode()).isIn(200, 201);
      server.accepted(small);
    }
  }

  @Test
  void aPictureThatNeedsMoreThanItMayAnswers422() throws Exception {
    try (RunningServer server =
        RunningServer.start("image-memory", "1", "image-map", "1", "image-disk", "1")) {
      Response response = server.upload(Pictures.jpeg(3000, 2000));
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(422);
      assertThat((String) response.path("code")).isEqualTo("media-too-expensive");
      server.accepted(Pictures.jpeg(50, 50));
    }
  }

  @Test
  void aRemoteThatDoesNotAnswerIs504() throws Exception {
    HttpServer remote =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CountDownLatch done = new CountDownLatch(1);
    remote.createContext(
        "/",
        exchange -> {
          try {
            done.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    remote.start();
    try (RunningServer server =
        RunningServer.start("download-allow-private", "", "download-timeout", "1")) {
      Response response =
          server
              .request()
              .get("/image/download?url=http://127.0.0.1:" + remote.getAddress().getPort() + "/");
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(504);
      assertThat((String) response.path("code")).isEqualTo("download-timeout");
    } finally {
      done.countDown();
      remote.stop(0);
    }
  }
}
