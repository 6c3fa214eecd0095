package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import io.restassured.response.Response;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to hurt. After each of them the server is as it was. */
@Timeout(120)
class HostileUploadIT {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void theServerIsAsItWas() {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(server.leftovers()).isEmpty());
    server.accepted(Pictures.png(5, 5));
  }

  private static void uploadIsRefused(String name, byte[] bytes, int status, String code) {
    int before = server.stored().size();
    Response response = server.upload(name, bytes);
    refused(response, status, code);
    assertThat(server.stored()).as(name).hasSize(before);
  }

  @Test
  void whatIsNoPictureIsNoPictureUnderAnyName() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("svg", Bombs.svg());
    files.put("pdf", Bombs.pdf());
    files.put("postscript", Bombs.postScript());
    files.put("html", Bombs.html());
    files.put("mvg", Bombs.mvg());
    files.put("script", Bytes.ascii("#!/bin/sh\nid\n"));
    files.put("bmp", Bytes.join(Bytes.ascii("BM"), new byte[100]));
    files.put("tiff", Bytes.join(Bytes.ascii("II*\0"), new byte[100]));
    files.put("msl", Bytes.ascii("<?xml version=\"1.0\"?><image><read filename=\"/etc/passwd\"/>"));
    files.put("one byte", new byte[] {(byte) 0xFF});
    files.put("a name", Bytes.ascii("ephemeral:/etc/passwd"));
    files.forEach(
        (name, bytes) -> {
          for (String suffix : List.of(".jpg", ".png", ".webp", ".mp4")) {
            refused(server.upload(name + suffix, bytes), 415, "unsupported-media-type");
          }
        });
  }

  @Test
  void canvasesAndFilmsThatLieAreInvalid() {
    uploadIsRefused(
        "heic",
        Bytes.join(Bytes.big32(24), Bytes.ascii("ftypheic"), new byte[100]),
        422,
        "invalid-media");
    uploadIsRefused("hidden", Bombs.pngHidden(), 422, "invalid-media");
    uploadIsRefused("film", Bombs.mp4Truncated(), 422, "invalid-media");
    uploadIsRefused("frames", Bombs.webpFramesBeyondCanvas(), 422, "invalid-media");
    uploadIsRefused("canvas", Bombs.webpHugeCanvas(), 422, "invalid-media");
    uploadIsRefused(
        "frame count",
        PngChunks.withFrameCount(Pictures.png(8, 8), 1_000_000),
        422,
        "validate-frames");
  }

  @Test
  void aTextThatInflatesIsThrownAwayUnread() {
    byte[] bomb = Bombs.pngTextBomb();
    String alias = server.accepted(bomb);
    assertThat(server.request().get("/image/original/" + alias).asByteArray())
        .isEqualTo(Pictures.png(16, 16));
  }

  @Test
  void whatHidesBehindAPictureIsCutOff() {
    Map<String, byte[]> files =
        Map.of(
            "png and zip", Bombs.pngThenZip(),
            "jpeg and zip", Bombs.jpegThenZip(),
            "webp and html", WebpChunks.withTrailing(Pictures.webp(32, 24), Bombs.html()),
            "gif and html", Bytes.join(Pictures.gif(32, 24, 1), Bombs.html()));
    files.forEach(
        (name, bytes) -> {
          String alias = server.accepted(bytes);
          byte[] kept = server.request().get("/image/original/" + alias).asByteArray();
          assertThat(new String(kept, StandardCharsets.ISO_8859_1))
              .as(name)
              .doesNotContain("PK\u0005\u0006", "<script", "DOCTYPE");
        });
  }

  @Test
  void picturesSpoiledAtRandomNeverAnswer500() {
    Random random = new Random(422);
    List<byte[]> sound =
        List.of(
            Pictures.jpeg(40, 30),
            Pictures.png(40, 30),
            Pictures.webp(40, 30),
            Pictures.gif(40, 30, 3),
            Pictures.mp4(40, 30, 3));
    for (int i = 0; i < 40; i++) {
      byte[] spoiled = sound.get(i % sound.size()).clone();
      for (int bit = 0; bit < 1 + i / 5; bit++) {
        spoiled[12 + random.nextInt(spoiled.length - 12)] ^= (byte) (1 << random.nextInt(8));
      }
      if (random.nextInt(3) == 0) {
        spoiled = Arrays.copyOf(spoiled, 12 + random.nextInt(spoiled.length - 12));
      }
      Response response = server.upload(spoiled);
      assertThat(response.statusCode()).as(i + response.asString()).isIn(201, 415, 422);
      if (response.statusCode() == 201) {
        // What was accepted can be worked with.
        Response variant =
            server
                .request()
                .get("/image/process.png?src=" + Replies.alias(response) + "&thumbnail=8");
        assertThat(variant.statusCode()).as("variant of " + i).isEqualTo(200);
      }
    }
  }

  @Test
  void oneBadFileTakesTheOthersWithItWhereverItStands() {
    byte[] known = Pictures.png(71, 17);
    String alias = server.accepted(known);
    int before = server.stored().size();
    for (int bad = 0; bad < 3; bad++) {
      var request = server.request();
      for (int i = 0; i < 3; i++) {
        byte[] part = i == bad ? Bombs.html() : i == 2 ? known : Pictures.png(72 + i, 10 + bad);
        request.multiPart("images[]", "p" + i, part);
      }
      refused(request.post("/image"), 415, "unsupported-media-type");
    }
    assertThat(server.stored()).hasSize(before);
    assertThat(server.admin().get("/internal/aliases?alias=" + alias).jsonPath().getList("aliases"))
        .containsExactly(alias);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 60, 120, 4000, 300_000})
  void aClientMayVanishAtAnyMoment(int sent) throws Exception {
    int before = server.stored().size();
    byte[] body = Wire.form(Pictures.jpegQuality(1200, 900, 1f));
    assertThat(body.length).isGreaterThan(sent);
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      // Reset instead of a polite end.
      socket.setSoLinger(true, 0);
      socket
          .getOutputStream()
          .write(
              Wire.ascii(
                  "POST /image HTTP/1.1\r\nHost: x\r\n"
                      + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                      + body.length
                      + "\r\n\r\n"));
      socket.getOutputStream().write(body, 0, sent);
      socket.getOutputStream().flush();
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(server.leftovers()).isEmpty());
    assertThat(server.stored()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "get http/1.1", "GET / HTTP/9.9", "\u0000\u0001", "GET /%zz"})
  void nonsenseInsteadOfARequestGetsNoStackTrace(String line) throws Exception {
    String answer =
        Wire.exchange(server, line + "\r\nHost: x\r\nConnection: close\r\n\r\n", new byte[0]);
    assertThat(answer).doesNotContain("jetty", "Jetty", "Exception", "at dev.pictj");
    assertThat(answer.isEmpty() || answer.matches("(?s)HTTP/1.1 [45]\\d\\d .*"))
        .as(answer)
        .isTrue();
  }
}
