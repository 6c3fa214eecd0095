package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.pictures.AnimatedPngs;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeleteAndInternalIT {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void theLastDeleteTakesTheBytesToo() {
    byte[] picture = Pictures.jpeg(77, 55);
    Response first = server.upload(picture);
    Response second = server.upload(picture);
    String one = first.path("files[0].file");
    String two = second.path("files[0].file");
    String filename = server.admin().get("/internal/filename?alias=" + one).path("filename");
    server.request().get("/image/process.webp?src=" + one + "&thumbnail=10");

    Response wrong = server.request().delete("/image/delete/wrong/" + one);
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat((String) wrong.path("code")).isEqualTo("invalid-delete-token");
    String token = first.path("files[0].delete_token");
    Response gone = server.request().delete("/image/delete/" + token + "/" + one);
    assertThat(gone.statusCode()).isEqualTo(204);
    assertThat(gone.asByteArray()).isEmpty();
    assertThat(server.request().delete("/image/delete/" + token + "/" + one).statusCode())
        .isEqualTo(404);
    assertThat(server.request().get("/image/original/" + one).statusCode()).isEqualTo(404);
    assertThat(server.request().get("/image/original/" + two).statusCode()).isEqualTo(200);

    String other = second.path("files[0].delete_token");
    assertThat(server.request().get("/image/delete/" + other + "/" + two).statusCode())
        .isEqualTo(204);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> server.stored().stream().noneMatch(file -> file.toString().contains(filename)));
    server.accepted(picture);
  }

  @Test
  void uploadsAreListedInPages() {
    String first = server.upload(Pictures.jpeg(31, 41)).path("files[0].file");
    String second = server.upload(Pictures.jpeg(59, 26)).path("files[0].file");
    Response page = server.admin().get("/internal/media?limit=1");
    assertThat(page.<List<String>>path("media[0].aliases")).containsExactly(second);
    assertThat(page.<Integer>path("media[0].width")).isEqualTo(59);
    assertThat(page.<Integer>path("media[0].height")).isEqualTo(26);
    assertThat(page.<String>path("media[0].content_type")).isEqualTo("image/jpeg");
    assertThat(page.<Integer>path("media[0].size")).isPositive();
    assertThat(Instant.parse(page.path("media[0].created_at"))).isBefore(Instant.now());
    String next = page.path("next");
    Response following = server.admin().get("/internal/media?limit=1&after=" + next);
    assertThat(following.<List<String>>path("media[0].aliases")).containsExactly(first);
    int all = server.admin().get("/internal/media").<List<?>>path("media").size();
    Response whole = server.admin().get("/internal/media?limit=" + all);
    assertThat(whole.<List<?>>path("media")).hasSize(all);
    assertThat(whole.<String>path("next")).as("after the last one").isEmpty();
    assertThat(server.request().get("/internal/media").statusCode()).isEqualTo(401);
    for (String limit : List.of("0", "1001", "x")) {
      assertThat(server.admin().get("/internal/media?limit=" + limit).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aPageHasAtMostWhatTheSettingSays() throws Exception {
    try (RunningServer small = RunningServer.start("max-media-per-page", "2")) {
      for (int width = 1; width <= 3; width++) {
        small.accepted(Pictures.jpeg(width, 5));
      }
      assertThat(small.admin().get("/internal/media").<List<?>>path("media")).hasSize(2);
      Response refused = small.admin().get("/internal/media?limit=3");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.<String>path("msg"))
          .isEqualTo("limit must be a number from 1 to 2 (--max-media-per-page), not 3");
    }
  }

  @Test
  void theKeyIsNeededBeforeAnythingElse() throws Exception {
    for (String path :
        List.of("/internal/aliases?alias=x", "/internal/nowhere", "/internal/purge")) {
      assertThat(server.request().get(path).statusCode()).isEqualTo(401);
      Response wrong = server.request().header("X-Api-Token", "wrong").get(path);
      assertThat((String) wrong.path("code")).isEqualTo("invalid-api-token");
    }
    assertThat(server.admin().get("/internal/nowhere").statusCode()).isEqualTo(404);
    assertThat(server.admin().put("/internal/purge").statusCode()).isEqualTo(405);
    try (RunningServer keyless = RunningServer.start("api-key", "")) {
      assertThat(
              keyless
                  .request()
                  .header("X-Api-Token", "")
                  .get("/internal/aliases?alias=x")
                  .statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void importKeepsTheName() {
    Response response =
        server
            .admin()
            .multiPart("images[]", "my picture+1.gif", Pictures.png(31, 30))
            .post("/internal/import");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    assertThat((String) response.path("files[0].file")).isEqualTo("my picture+1.gif");
    assertThat(server.request().get("/image/original/my%20picture+1.gif").contentType())
        .isEqualTo("image/png");
    Response taken =
        server
            .admin()
            .multiPart("images[]", "my picture+1.gif", Pictures.png(32, 30))
            .post("/internal/import");
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat((String) taken.path("code")).isEqualTo("duplicate-alias");
  }

  @Test
  void purgeTakesEveryNameInOrder() {
    byte[] picture = Pictures.png(41, 42);
    String one = server.accepted(picture);
    String two = server.accepted(picture);
    String filename = server.admin().get("/internal/filename?alias=" + two).path("filename");
    assertThat(server.admin().get("/internal/aliases?file=" + filename).asString())
        .isEqualTo("{\"aliases\":[\"%s\",\"%s\"],\"msg\":\"ok\"}".formatted(one, two));
    Response purged = server.admin().post("/internal/purge?alias=" + two);
    assertThat(purged.statusCode()).isEqualTo(200);
    assertThat(purged.asString())
        .isEqualTo("{\"aliases\":[\"%s\",\"%s\"],\"msg\":\"ok\"}".formatted(one, two));
    assertThat(server.request().get("/image/original/" + one).statusCode()).isEqualTo(404);
    assertThat(server.admin().post("/internal/purge?alias=" + two).statusCode()).isEqualTo(404);
    assertThat(server.admin().post("/internal/purge?file=" + filename).statusCode()).isEqualTo(404);
    assertThat(server.admin().post("/internal/purge").statusCode()).isEqualTo(400);
  }

  @Test
  void uncheckedImportsKeepTheirBytes() throws Exception {
    try (RunningServer trusting = RunningServer.start("skip-validate-imports", "")) {
      byte[] odd = JpegSegments.withEverything(Pictures.jpeg(30, 20), 1);
      assertThat(
              trusting
                  .admin()
                  .multiPart("images[]", "odd.jpg", odd)
                  .post("/internal/import")
                  .statusCode())
          .isEqualTo(201);
      assertThat(trusting.request().get("/image/original/odd.jpg").asByteArray()).isEqualTo(odd);
      Response text =
          trusting
              .admin()
              .multiPart(
                  "images[]", "t.txt", "text".getBytes(java.nio.charset.StandardCharsets.UTF_8))
              .post("/internal/import");
      assertThat(text.statusCode()).isEqualTo(415);
      assertThat(trusting.request().get("/image/original/t.txt").statusCode()).isEqualTo(404);
    }
  }

  /** Of those the original is what browsers turn, and of an animation what they show. */
  @Test
  void variantsOfUncheckedImportsLookLikeThem() throws Exception {
    try (RunningServer trusting =
        RunningServer.start("skip-validate-imports", "", "dialect", "0.5")) {
      byte[] turned = JpegSegments.withExif(Pictures.jpeg(64, 48), 6);
      imported(trusting, "turned.jpg", turned);
      Response details = trusting.request().get("/image/details/original/turned.jpg");
      assertThat(details.<Integer>path("width")).isEqualTo(48);
      assertThat(details.<Integer>path("height")).isEqualTo(64);
      BufferedImage before = ImageIO.read(new ByteArrayInputStream(turned));
      for (String format : List.of("png", "webp", "avif")) {
        BufferedImage made = seen(trusting, "turned.jpg", format);
        assertThat(made.getWidth()).as(format).isEqualTo(48);
        assertThat(made.getHeight()).as(format).isEqualTo(64);
        assertThat(made.getRGB(40, 8) >> 8 & 0xFF)
            .as(format)
            .isCloseTo(before.getRGB(8, 7) >> 8 & 0xFF, within(16));
      }
      String same = trusting.accepted(turned);
      // Pixels that were encoded once more are a little different.
      assertThat(blurhash(trusting, "turned.jpg"))
          .startsWith(blurhash(trusting, same).substring(0, 8));
      for (int frames : new int[] {1, 2}) {
        String name = frames + "frames.png";
        imported(trusting, name, AnimatedPngs.hidingFrames(64, 48, frames));
        for (String format : List.of("png", "jpg", "webp", "avif", "jxl", "gif", "apng")) {
          assertThat(new Color(seen(trusting, name, format).getRGB(9, 9)).getRed())
              .as("%s of %s", format, name)
              .isGreaterThan(245);
        }
      }
    }
  }

  private static String blurhash(RunningServer server, String alias) {
    return server.request().get("/image/blurhash?alias=" + alias).jsonPath().get("blurhash");
  }

  private static void imported(RunningServer server, String name, byte[] file) {
    assertThat(
            server.admin().multiPart("images[]", name, file).post("/internal/import").statusCode())
        .isEqualTo(201);
  }

  /** A variant, as a PNG of another upload. */
  private static BufferedImage seen(RunningServer server, String alias, String format)
      throws Exception {
    byte[] made =
        server.request().get("/image/process.%s?src=%s".formatted(format, alias)).asByteArray();
    String again = server.accepted(made);
    return ImageIO.read(
        new ByteArrayInputStream(
            server.request().get("/image/process.png?src=" + again).asByteArray()));
  }

  @Test
  void downloadsReachPublicAddressesOnlyUnlessAllowed() throws Exception {
    HttpServer remote =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] picture = Pictures.png(22, 21);
    remote.createContext(
        "/ok",
        exchange -> {
          exchange.sendResponseHeaders(200, picture.length);
          exchange.getResponseBody().write(picture);
          exchange.close();
        });
    remote.createContext(
        "/gone",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    remote.start();
    String base = "http://127.0.0.1:" + remote.getAddress().getPort();
    try (RunningServer open = RunningServer.start("download-allow-private", "")) {
      Response fetched = open.request().get("/image/download?url=" + base + "/ok");
      assertThat(fetched.statusCode()).as(fetched.asString()).isEqualTo(201);
      assertThat((int) fetched.path("files[0].details.width")).isEqualTo(22);
      Response gone = open.request().get("/image/download?url=" + base + "/gone");
      assertThat(gone.statusCode()).isEqualTo(502);
      assertThat((String) gone.path("code")).isEqualTo("download-file-error");
    } finally {
      remote.stop(0);
    }
    Response refused = server.request().get("/image/download?url=" + base + "/ok");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat((String) refused.path("code")).isEqualTo("download-forbidden");
    assertThat((String) server.request().get("/image/download").path("code"))
        .isEqualTo("invalid-query");
    assertThat((String) server.request().get("/image/download?url=ftp://x/y").path("code"))
        .isIn("invalid-query", "download-forbidden");
  }
}
